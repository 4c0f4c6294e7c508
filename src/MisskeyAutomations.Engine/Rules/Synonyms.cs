using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>
/// What Home Assistant, GitHub's workflows, n8n, Mastodon and everyday English call the words of rules. Only for hints: a rule that says
/// <c>boost:</c> is told of <c>renote:</c>, and nothing but <c>renote:</c> is read.
/// </summary>
internal static class Synonyms
{
    /// <summary>Of the keys of a file.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> FileKeys = Table(
        (["rules"], "automation automations workflow workflows jobs"),
        (["tests"], "cases specs"),
        (["lists"], "words variables"),
        (["defaults"], "settings config options global"));

    /// <summary>Of the keys of a rule.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> RuleKeys = Table(
        (["on"], "trigger triggers event events"),
        (["when"], "condition conditions if where filter filters"),
        (["do"], "action actions step steps then run"),
        (["after"], "delay sleep"),
        (["name"], "id alias title"),
        (["description"], "comment desc"),
        (["account"], "accounts"),
        (["let"], "var vars variables env"),
        (["timezone"], "tz zone timezoneid"),
        (["overlap"], "mode concurrency"),
        (["limit"], "cooldown throttle ratelimit debounce"),
        (["else"], "otherwise"),
        (["on-error"], "catch rescue"));

    /// <summary>Of triggers.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Triggers = Table(
        (["followed"], "follower newfollower"),
        (["mention"], "mentioned dm message direct"),
        (["reply"], "replied comment answer"),
        (["renote"], "renoted boost boosted reblog reblogged repost quote quoted retweet"),
        (["reaction"], "react reacted like liked favorite favourite fav"),
        (["note"], "post posted toot tweet status"),
        (["followRequest"], "request"),
        (["pollEnded"], "poll"),
        (["unfollowed"], "unfollower"));

    /// <summary>Of steps.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Steps = Table(
        (["note"], "post toot tweet publish status say"),
        (["reply"], "answer respond comment"),
        (["renote"], "boost reblog repost retweet share rt"),
        (["quote"], "cite"),
        (["dm"], "message direct whisper"),
        (["react", "favorite"], "like"),
        (["favorite"], "favourite fav bookmark star"),
        (["react"], "reaction emoji"),
        (["unreact"], "unlike"),
        (["follow"], "followback subscribe"),
        (["delete"], "remove destroy"),
        (["block"], "ban"),
        (["mute"], "silence"),
        (["wait"], "delay sleep after pause"),
        (["wait-for"], "waitfortrigger await"),
        (["if"], "when condition choose switch"),
        (["for-each"], "for each loop repeat while"),
        (["set"], "save store remember let variables"),
        (["stop"], "exit return break end"),
        (["http"], "webhook request fetch curl get restcommand"),
        (["log"], "print echo debug"));

    /// <summary>Of the options of steps.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Options = Table(
        (["cw"], "contentwarning spoiler spoilertext warning subject"),
        (["visibility"], "privacy scope visible"),
        (["files"], "file media attachment attachments image images"),
        (["local-only"], "local federate"),
        (["with"], "params parameters args arguments body data payload json"),
        (["body"], "data payload json"),
        (["headers"], "header"),
        (["method"], "verb"),
        (["as"], "id register saveas responsevariable"),
        (["expires"], "duration for until"),
        (["within"], "timeout"),
        (["to"], "user target recipient note"));

    /// <summary>Of the values of <c>visibility</c>.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Visibilities = Table(
        (["home"], "unlisted"),
        (["followers"], "private followersonly"),
        (["specified"], "direct dm"));

    /// <summary>Whether a key of a rule means that a clock starts it.</summary>
    public static bool MeansClock(string key) => Fold(key) is "schedule" or "cron" or "interval" or "every" or "at";

    /// <summary>What to say of a key of a rule that has no one word in its place; null when there is nothing particular to say.</summary>
    public static Phrase? HintForRuleKey(string key) => Fold(key) switch
    {
        _ when MeansClock(key) => "write on: { cron: \"0 8 * * *\" }",
        "disabled" => "write enabled: false",
        "unless" => "write when: not …",
        "visibility" or "budget" or "replies" => "it stands below 'defaults:' for all rules",
        "wait" => "as a step it stands below 'do:'; the whole rule waits with 'after:'",
        _ => null,
    };

    /// <summary>What to say of a step that has no one word in its place; null when there is nothing particular to say.</summary>
    public static Phrase? HintForStep(string key) => Fold(key) switch
    {
        "service" or "action" or "type" or "call" or "uses" or "run" or "name" or "alias" => "a step begins with its verb, such as reply: … or react: …",
        _ => null,
    };

    /// <summary>What to say of an option that has no one word in its place; null when there is nothing particular to say.</summary>
    public static Phrase? HintForOption(string verb, string key) => Fold(key) switch
    {
        "text" or "content" or "message" when verb is "reply" or "note" or "quote" or "dm" or "notify" or "log" => Phrase.Of($"the text stands behind '{verb}:'"),
        "url" or "uri" when verb is "http" or "upload" => Phrase.Of($"the address stands behind '{verb}:'"),
        "endpoint" when verb is "api" => "the endpoint stands behind 'api:'",
        "query" or "params" or "qs" when verb is "http" => "write it into the address: https://…/?a=${…}",
        "when" or "condition" or "conditions" => "put the step below 'then:' of an 'if:'",
        "name" or "alias" or "title" or "description" => "steps have no names; a comment begins with '# '",
        "delay" or "after" or "sleep" => "write a step of its own before it: wait: 5m",
        _ => null,
    };

    /// <summary>The words of rules that a word stands for; empty when it stands for none that is known here.</summary>
    public static IReadOnlyList<string> Of(string word, IReadOnlyDictionary<string, string[]> table, IEnumerable<string> known) =>
        table.TryGetValue(Fold(word), out var meant) ? [.. meant.Intersect(known, StringComparer.Ordinal)] : [];

    private static string Fold(string word) =>
        word.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    // A word may stand for different ones in different places ('data' is 'with' of api and 'body' of http): all are kept.
    private static Dictionary<string, string[]> Table(params ReadOnlySpan<(string[] Meant, string Words)> rows)
    {
        var table = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (meant, words) in rows)
        {
            foreach (var word in words.Split(' '))
            {
                table[word] = table.TryGetValue(word, out var more) ? [.. more, .. meant] : meant;
            }
        }

        return table;
    }
}

using System.Text.RegularExpressions;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Recipes;

/// <summary>What is to be done before an added recipe acts: all of it is read from its rules.</summary>
internal static partial class RecipeAdvice
{
    private static readonly Phrase Words = "Its words are Japanese; write your own where people speak another language.";

    /// <summary>What is to be done, for whoever reads this language.</summary>
    public static IEnumerable<Phrase> For(Recipe recipe, Translation language)
    {
        var rules = RulesOf(recipe);
        var words = language != Translation.Japanese && rules.Rules.Any(rule => Kana().IsMatch(rule.ResolvedText)) ? [Words] : Array.Empty<Phrase>();
        return Advices(rules).Concat(words);
    }

    /// <summary>The rules of a recipe.</summary>
    public static RuleSet RulesOf(Recipe recipe) =>
        RuleReader.Read([new SourceText($"{recipe.Name}.yaml", recipe.Text)], ActionTable.For(allowAdmin: true)).RuleSet
        ?? throw new InvalidOperationException($"The recipe '{recipe.Name}' has errors.");

    /// <summary>The secrets that the rules name.</summary>
    public static IEnumerable<string> SecretsOf(RuleSet rules) => rules.Rules.SelectMany(SecretNames.In).Distinct(StringComparer.Ordinal);

    /// <summary>The permissions of the token that the rules need beyond what the engine always does.</summary>
    public static IEnumerable<string> PermissionsOf(RuleSet rules) =>
        TokenPermissions.NeedsOf(rules).Where(need => need.Rules.Count > 0).Select(need => need.Permission);

    /// <summary>The event types of one origin that start the rules.</summary>
    public static string[] TypesOf(RuleSet rules, params EventOrigin[] origins) =>
    [
        .. rules.Rules.SelectMany(rule => rule.Triggers).Distinct(StringComparer.Ordinal)
            .Where(name => EventTypes.Find(name) is { } type && origins.Contains(type.Origin)),
    ];

    /// <summary>What people change first: the lists, and each <c>let</c> that holds a plain value.</summary>
    public static IEnumerable<string> ParametersOf(RuleSet rules) =>
        rules.Lists.Keys.Order(StringComparer.Ordinal).Select(name => $"lists.{name}")
            .Concat(rules.Rules.SelectMany(rule => rule.Lets).Where(let => IsPlain(let.Value)).Select(let => let.Key));

    /// <summary>Whether an expression is a number, a duration or a quoted text.</summary>
    public static bool IsPlain(CompiledExpression expression) => PlainValue().IsMatch(expression.Source.Text);

    private static IEnumerable<Phrase> Advices(RuleSet rules)
    {
        if (ParametersOf(rules).ToArray() is { Length: > 0 } parameters)
        {
            yield return $"Look at its parameters and change them as you like: {string.Join(", ", parameters)}.";
        }

        if (ZonesOf(rules) is { Length: > 0 } zones)
        {
            yield return $"Its hours and days are those of {string.Join(", ", zones)}; change 'timezone' where you live elsewhere.";
        }

        if (PermissionsOf(rules).ToArray() is { Length: > 0 } permissions)
        {
            yield return $"The token needs {string.Join(", ", permissions)}; 'scopes' asks whether it has them.";
        }

        foreach (var secret in SecretsOf(rules))
        {
            yield return $"Set the secret {secret}: in the environment as MISSKEYAUTOMATIONS__SECRETS__{secret}, or under 'secrets' in automations.yaml.";
        }

        if (TypesOf(rules, EventOrigin.Webhook) is { Length: > 0 } own)
        {
            yield return $"Tick these events of the webhook in Misskey: {string.Join(", ", own)}.";
        }

        if (TypesOf(rules, EventOrigin.SystemWebhook) is { Length: > 0 } system)
        {
            yield return $"It needs the system webhook of the server's administrators with these events: {string.Join(", ", system)}.";
        }

        if (TypesOf(rules, EventOrigin.SystemWebhook).Length > 0 || rules.Rules.Any(rule => rule.Crons.Count > 0))
        {
            yield return "With several accounts, add 'account' to its rules: it says for whom they are.";
        }

        if (TypesOf(rules, EventOrigin.Notifications) is { Length: > 0 } noticed)
        {
            yield return $"No webhook tells of {string.Join(", ", noticed)}: streaming does at once ('source: both'); without it the engine finds it when it catches up, every 30 minutes unless 'catch-up' says otherwise.";
        }

        if (TypesOf(rules, EventOrigin.Engine).Length > 0)
        {
            yield return "Who left is found by comparing followers, every 6 hours unless 'followers' says otherwise.";
        }

        if (rules.Rules.Any(rule => rule.Triggers.Any(EventTypes.IsPlace)))
        {
            yield return "Only streaming tells what passes on timelines, antennas, lists, channels and hashtags: without a hook-secret it is on, beside one write 'source: both'.";
        }

        foreach (var rule in rules.Rules.Where(rule => rule.Mode == RuleMode.DryRun))
        {
            yield return $"{rule.Name} only shows what it would do. Once you have seen that, write 'enabled: true'.";
        }
    }

    private static string[] ZonesOf(RuleSet rules) =>
    [
        .. rules.Rules.SelectMany(rule => rule.Crons.Select(cron => cron.Zone).Append(rule.TimeZone)).OfType<TimeZoneInfo>()
            .Where(zone => !zone.Equals(TimeZoneInfo.Utc)).Select(zone => zone.Id).Distinct(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"[\p{IsHiragana}\p{IsKatakana}]", RegexOptions.None, 1_000)]
    private static partial Regex Kana();

    [GeneratedRegex(@"\A([0-9]+(\.[0-9]+)?|([0-9]+[dhms])+|'[^']*'|""[^""]*"")\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex PlainValue();
}

using System.Text.Json.Nodes;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// Events of and around people whom the account has muted or blocked. Carol is muted, Dave is blocked, Erin is both, of Frank only the
/// renotes are hidden; Gina was muted once, Harry was muted after the lists were read; Bob is nobody in particular.
/// </summary>
public sealed class MutedCorpusTests
{
    private static readonly DecidingRig Deciding = new("""
        rules:
          - { name: plain, on: EVERYTHING, do: { log: x, allow-private: true } }
          - { name: including, include: muted, on: EVERYTHING, do: { log: x, allow-private: true } }
        """);

    /// <summary>The verdict is that on a rule as it is, and on one with <c>include: muted</c>.</summary>
    [Fact]
    public async Task Every_event_gets_its_verdict()
    {
        await using var server = RawServer.Start(Lists(muted: ["carol", "erin", "gina"]));
        await using var rig = new MisskeyRig(server.Address);
        var (muted, sync) = (rig.Get<MutedPeople>(), rig.Get<MutedPeopleSync>());
        await sync.SyncAsync("main", attempt: 0, TestContext.Current.CancellationToken);
        server.Behave(Lists(muted: ["carol", "erin"]));
        await sync.SyncAsync("main", attempt: 0, TestContext.Current.CancellationToken);
        server.Behave(Lists(muted: ["carol", "erin", "harry"]));

        await Corpus.CheckAsync("muted-people.corpus", atLeast: 90, text => JudgeAsync(text.Split(' '), muted));
    }

    // [unread|other] TYPE by WHOM [answering WHOM] [quoting WHOM] [naming WHOM]
    private static Task<string> JudgeAsync(string[] words, MutedPeople muted)
    {
        var isUnread = words[0] == "unread";
        var account = words[0] == "other" ? "other" : "main";
        words = isUnread || account == "other" ? words[1..] : words;
        var who = words[1..].Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var happens = Happening(words[0], who);
        var envelope = new JsonObject
        {
            ["server"] = GivenEvents.Server,
            ["hookId"] = "h",
            ["userId"] = GivenEvents.Me,
            ["eventId"] = "e1",
            ["type"] = happens.Type,
            ["body"] = JsonNode.Parse(happens.Body),
        };
        if (happens.Place is { } place)
        {
            envelope["place"] = place;
        }

        return Deciding.DecideAsync(envelope, isUnread ? new MutedPeople() : muted, account, happens.Source);
    }

    private static Given.Happens Happening(string type, Dictionary<string, string> who)
    {
        var given = new JsonObject { ["user"] = Person(who.GetValueOrDefault("by", "bob")), ["note"] = Note(who) };
        var now = TimeProvider.System.GetUtcNow();
        if (type.Contains(':', StringComparison.Ordinal))
        {
            return new("note", GivenEvents.PassingNote(given, now).ToJsonString()) { Source = "streaming", Place = type };
        }

        if (EventTypes.Find(type) is { } known)
        {
            return GivenEvents.Happening(known, given, now);
        }

        return new(type, given.ToJsonString());
    }

    private static JsonObject Note(Dictionary<string, string> who)
    {
        var note = new JsonObject { ["text"] = "hello" };
        if (who.TryGetValue("answering", out var answered))
        {
            note["reply"] = new JsonObject { ["id"] = "n8", ["user"] = Person(answered) };
        }

        if (who.TryGetValue("quoting", out var quoted))
        {
            note["renote"] = new JsonObject { ["id"] = "n9", ["text"] = "hi", ["user"] = Person(quoted) };
        }

        if (who.TryGetValue("naming", out var named))
        {
            note["mentions"] = new JsonArray(GivenEvents.Me, named);
        }

        return note;
    }

    private static JsonObject Person(string name) => new() { ["id"] = name, ["username"] = name, ["isMuted"] = false };

    private static Behaviour Lists(string[] muted) => RawServer.ByPath(path => RawServer.Json(200, path switch
    {
        "mute/list" => $"[{string.Join(',', muted.Select(name => $$"""{"id":"m-{{name}}","muteeId":"{{name}}"}"""))}]",
        "blocking/list" => """[{"id":"b1","blockeeId":"dave"},{"id":"b2","blockeeId":"erin"}]""",
        _ => """[{"id":"r1","muteeId":"frank"}]""",
    }));
}

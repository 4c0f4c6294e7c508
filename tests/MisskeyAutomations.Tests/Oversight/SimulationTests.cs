using System.Text.Json;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Oversight;
using MisskeyAutomations.Tests.Docs;

namespace MisskeyAutomations.Tests.Oversight;

/// <summary>What came in lately happens once more at the times of then.</summary>
public sealed class SimulationTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            limit: 1 per user per 1h
            do:
              - react: 👍
          - name: heart
            on: followed
            do:
              - follow: ${user.id}
        """;

    private static readonly DateTimeOffset Then = TimeProvider.System.GetUtcNow().AddDays(-3);

    // A message of the stream tells no time of its own.
    [Fact]
    public async Task Events_without_a_time_of_their_own_happen_when_they_came_in_also_among_others()
    {
        StageEvent[] events =
        [
            Streamed("9first", Then),
            Streamed("9second", Then.AddMinutes(5)),
            new("main", JsonElement.Parse($$$"""
                {"server":"https://misskey.example","hookId":"h","userId":"me","eventId":"e","createdAt":{{{Then.AddMinutes(30).ToUnixTimeMilliseconds()}}},"type":"followed",
                 "body":{"user":{"id":"9carol","username":"carol","host":null} } }
                """)) { ReceivedAt = Then.AddMinutes(31) },
            Streamed("9third", Then.AddHours(2)),
        ];

        var rules = RuleFileReading.Read("rules.yaml", Rules).RuleSet!;
        var simulation = await Simulation.RunAsync(rules, events, new Dictionary<string, string>(StringComparer.Ordinal), new(), TestContext.Current.CancellationToken);

        Assert.Equal(
            [("pong", null), ("pong", "limit"), ("heart", null), ("pong", null)],
            simulation.Events.SelectMany(happened => happened.Rules).Select(rule => (rule.Verdict.Rule, rule.Verdict.Gate)));
    }

    private static StageEvent Streamed(string note, DateTimeOffset at)
    {
        var body = JsonElement.Parse($$"""{"id":"{{note}}","text":"@alice hello","visibility":"public","userId":"9bob","user":{"id":"9bob","username":"bob","host":null} }""");
        var told = StreamEvents.OfMain("mention", body, new Uri("https://misskey.example"), "me", at)!.Value;
        return new("main", JsonElement.Parse(told.Envelope.Span), "streaming") { ReceivedAt = at };
    }
}

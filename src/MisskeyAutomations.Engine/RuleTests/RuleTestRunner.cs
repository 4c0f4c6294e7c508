using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Runs the tests of a rule set: the same planner and executor as in earnest, a virtual clock, nothing is sent.</summary>
public sealed class RuleTestRunner(RuleSet rules, IReadOnlyList<IAction> actions)
{
    private const string AnyAccount = "test";

    /// <summary>Runs one test from its first event until nothing waits any more.</summary>
    public async Task<RuleTestResult> RunAsync(RuleTest test, CancellationToken cancellationToken)
    {
        var lookups = new GivenLookups(test.Lookups);
        var record = new RuleTestRecord(test.At, test.Expectations.Select(expectation => expectation.Rule).ToHashSet(StringComparer.Ordinal));
        var settings = new StageSettings { At = test.At, Lookups = lookups, Answers = test.Lookups, State = test.State, Die = test.Die };
        var stage = new Stage(rules, actions, settings, record.Add);

        // A rule that is for certain accounts is tested as one of them.
        var account = test.Expectations.SelectMany(expectation => rules.Find(expectation.Rule)?.Accounts ?? []).FirstOrDefault(AnyAccount);
        var number = 0;
        foreach (var given in test.Givens)
        {
            if (given is Given.Passes pass)
            {
                await stage.LetPassAsync(stage.Clock.GetUtcNow() + pass.Length, cancellationToken);
            }
            else if (given is Given.Happens happens)
            {
                number++;
                await stage.HappenAsync(EventOf(happens, account, number, stage), cancellationToken);
            }
        }

        await stage.LetPassAsync(DateTimeOffset.MaxValue, cancellationToken);
        return Judge(test, record, lookups, stage);
    }

    private static RuleTestResult Judge(RuleTest test, RuleTestRecord record, GivenLookups lookups, Stage stage)
    {
        var failures = new List<RuleTestFailure>();
        var steps = new Dictionary<string, IReadOnlyList<AlignedStep>>(StringComparer.Ordinal);
        foreach (var expectation in test.Expectations)
        {
            var check = new ExpectationCheck(expectation, record.ActedSteps(expectation), record.LastVerdict(expectation.Rule, stage.Runs));
            var before = failures.Count;
            failures.AddRange(check.Failures());
            if (failures.Count > before)
            {
                steps[expectation.Rule] = check.Steps();
            }

            failures.AddRange(lookups.MissingFor(expectation.Rule).Select(endpoint => new RuleTestFailure(expectation.Rule, expectation.Span, Phrase.Of(
                $"the rule reads what only {endpoint} tells, and the test does not give it: add the field to its user or note, or an answer under `lookups: {{ {endpoint}: {{ … }} }}`"))));
        }

        return new(test, failures, record.Trace) { Steps = steps };
    }

    private static StageEvent EventOf(Given.Happens happens, string account, int number, Stage stage)
    {
        var given = new StageEvent(account, Envelope(happens, number, stage.Clock.GetUtcNow()), happens.Source) { MeId = GivenEvents.Me, IsMuted = happens.IsMuted };
        return happens.AnswersAsked && stage.FindNoteThatAsks(given) is { } asked
            ? given with { Envelope = Envelope(happens with { Body = GivenEvents.Answering(happens.Body, asked) }, number, stage.Clock.GetUtcNow()) } : given;
    }

    // A recorded envelope keeps all but its time: it happens now.
    private static JsonElement Envelope(Given.Happens happens, int number, DateTimeOffset now)
    {
        var envelope = happens.Recorded is { } recorded ? JsonNode.Parse(recorded)!.AsObject() : new JsonObject
        {
            ["server"] = GivenEvents.Server,
            ["hookId"] = "hook",
            ["userId"] = GivenEvents.Me,
            ["eventId"] = $"event-{number}",
            ["type"] = happens.Type,
            ["body"] = JsonNode.Parse(happens.Body),
        };
        envelope["createdAt"] = now.ToUnixTimeMilliseconds();
        if (happens.Place is { } place)
        {
            envelope["place"] = place;
        }

        return happens.ForRule is { } rule
            ? CronEvents.Envelope(rule, now, new Uri(GivenEvents.Server), GivenEvents.Me)
            : JsonElement.Parse(envelope.ToJsonString());
    }
}

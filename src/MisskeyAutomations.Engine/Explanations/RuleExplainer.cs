using System.Globalization;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Explanations;

/// <summary>
/// Says in words what a rule does: when, for whom, how often, with what permissions. Everything comes from the rule as it was read and
/// from the tables of triggers and steps.
/// </summary>
public sealed class RuleExplainer
{
    private const string Posting = "notes/create";

    private static readonly string[] OwnDeeds = ["note", "follow", "unfollow"];

    private readonly Rule _rule;
    private readonly RuleSet _rules;
    private readonly EndpointFacts _endpoints;
    private readonly DateTimeOffset _now;
    private readonly List<ExplainedLine> _lines = [];

    private RuleExplainer(Rule rule, RuleSet rules, EndpointFacts endpoints, DateTimeOffset now) => (_rule, _rules, _endpoints, _now) = (rule, rules, endpoints, now);

    /// <summary>Explains a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="rules">Its set.</param>
    /// <param name="endpoints">What is known of endpoints.</param>
    /// <param name="now">The time, for saying when the clock starts it next.</param>
    public static IReadOnlyList<ExplainedLine> Explain(Rule rule, RuleSet rules, EndpointFacts endpoints, DateTimeOffset now)
    {
        var explainer = new RuleExplainer(rule, rules, endpoints, now);
        explainer.SayName();
        explainer.SayTriggers();
        explainer.SayIgnored();
        explainer.SayConditions();
        explainer.SayLimits();
        explainer.SaySteps();
        explainer.SayLaws();
        explainer.SayPermissions();
        return explainer._lines;
    }

    private void SayName()
    {
        _lines.Add(new(0, Phrase.Of($"{_rule.Name}")));
        if (_rule.Description is { } description)
        {
            Say(Phrase.Of($"{description.Trim()}"));
        }

        switch (_rule.Mode)
        {
            case RuleMode.Disabled:
                Say("It is switched off.");
                break;
            case RuleMode.DryRun:
                Say("It only shows what it would do: nothing is sent.");
                break;
        }

        if (_rule.Accounts.Count > 0)
        {
            Say(Phrase.Of($"It serves {Words.And(_rule.Accounts)} alone."));
        }
    }

    private void SayTriggers()
    {
        Head("When");
        foreach (var name in _rule.Triggers.Where(name => name != EventTypes.Cron.Name))
        {
            Say(Of(name));
        }

        foreach (var cron in _rule.Crons)
        {
            Say(Phrase.Of($"the clock says so: {cron.Text} in {cron.Zone.Id}"));
            Say(
                cron.Schedule.Next(_now, cron.Zone) is { } next
                    ? Phrase.Of($"next on {TimeZoneInfo.ConvertTime(next, cron.Zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)}") : "never",
                depth: 2);
            Say(cron.MakesUp ? "a time that passed while the engine was down is made up for" : "a time that passed while the engine was down is left out", depth: 2);
        }
    }

    private void SayIgnored()
    {
        var types = Types.Where(type => type.Origin != EventOrigin.SystemWebhook).ToArray();
        var ignored = new List<Phrase>();
        if (types.Any(type => type.Variables.ContainsKey("user")))
        {
            ignored.AddRange(Unless(Inclusions.Bots, "bots"));
            ignored.AddRange(Unless(Inclusions.Muted, "people whom the account muted or blocked"));
        }

        if (types.Any(type => OwnDeeds.Contains(type.Name, StringComparer.Ordinal)))
        {
            ignored.AddRange(Unless(Inclusions.Self, "what a rule did itself"));
        }

        if (types.Any(type => !OwnDeeds.Contains(type.Name, StringComparer.Ordinal)))
        {
            ignored.AddRange(Unless(Inclusions.Self, "what accounts of this engine do"));
        }

        if (ignored.Count > 0)
        {
            Head("Ignores");
            ignored.ForEach(line => Say(line));
        }
    }

    private void SayConditions()
    {
        if (_rule.When is { } when)
        {
            Head("If");
            _lines.AddRange(ConditionExplainer.Explain(when, 1));
        }

        foreach (var (name, expression) in _rule.Lets)
        {
            Say(Phrase.Of($"where {name} is {expression.Source.Text}"), _rule.When is null ? 1 : 2);
        }

        if (ConditionsAskTheClock)
        {
            Say(Phrase.Of($"hours and days are those of {Zone}"));
        }

        if (_rule.Group is { } group)
        {
            Head("Group");
            Say(_rule.When is null
                ? Phrase.Of($"takes the event when no other rule of group {group} does")
                : Phrase.Of($"of the rules in group {group}, the first whose condition holds takes the event"));
        }
    }

    private void SayLimits()
    {
        if (_rule.Overlap is { Mode: not OverlapMode.Parallel } overlap)
        {
            Head("While an earlier run is unfinished");
            Say(overlap.Mode switch
            {
                OverlapMode.Skip => "a new event is skipped",
                OverlapMode.Queue => "a new event waits for its turn",
                _ => "a new event takes its place; the earlier run is stopped",
            });
            if (overlap.Per != LimitKey.Account)
            {
                Say(Phrase.Of($"for each {Wordings.Apart(overlap.Per)} apart"));
            }
        }

        if (_rule.Limits.Count > 0)
        {
            Head("How often");
        }

        foreach (var limit in _rule.Limits)
        {
            Say(Wordings.Sentence(limit, Zone));
            Say(
                limit.Over switch
                {
                    LimitOver.Skip => "further ones are skipped",
                    LimitOver.Delay => "further ones wait until there is a place",
                    _ => "for further ones instead:",
                },
                depth: 2);
            new StepExplainer(_lines).Explain(limit.OverSteps, 3);
        }
    }

    private void SaySteps()
    {
        Head("Then");
        if (_rule.After is { } after)
        {
            Say(Phrase.Of($"first waits {Wordings.Length(after)}"));
            if (_rule.When is not null)
            {
                Say("and asks the condition again", depth: 2);
            }
        }

        new StepExplainer(_lines).Explain(_rule.Do, 1);
        if (!ConditionsAskTheClock && _rule.Branches.Any(steps => steps.Any(ZoneUse.IsIn)))
        {
            Say(Phrase.Of($"hours and days are those of {Zone}"));
        }

        if (_rule.Else.Count > 0)
        {
            Head("If the condition does not hold");
            new StepExplainer(_lines).Explain(_rule.Else, 1);
        }

        if (_rule.OnError.Count > 0)
        {
            Head("If a step fails");
            new StepExplainer(_lines).Explain(_rule.OnError, 1);
        }
    }

    private void SayLaws()
    {
        Head("Whatever happens");
        Say(Phrase.Of($"an event older than {Wordings.Length(_rule.Late)} is not acted on"));
        var calls = _rule.Branches.SelectMany(steps => steps.Calls()).ToArray();
        foreach (var name in calls.Select(BudgetOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var budget = _rules.Defaults.Budgets[name];
            Say(Phrase.Of($"the account has {budget.Max} {name} within {Wordings.Length(budget.Within)} for all rules together; over that the run waits"));
        }

        if (calls.Any(call => EndpointOf(call) == Posting) && Types.Any(type => type.Variables.ContainsKey("user")))
        {
            var (user, thread) = (_rules.Defaults.RepliesPerUser, _rules.Defaults.RepliesPerThread);
            Say(Phrase.Of($"nobody gets more than {user.Max} answers within {Wordings.Length(user.Within)}, and {thread.Max} within {Wordings.Length(thread.Within)} in one thread, of all rules together; further ones are skipped"));
        }
    }

    private void SayPermissions()
    {
        var permissions = _rule.Endpoints.Select(_endpoints.PermissionOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        Head("Permissions of the token");
        Say(permissions.Length == 0 ? "none" : Phrase.Of($"{string.Join(", ", permissions)}"));
    }

    private string? BudgetOf(StepNode.Call call) =>
        call.Action.Main == ParameterType.Endpoint ? _endpoints.BudgetOf(EndpointOf(call)!) : call.Action.Budget;

    private static string? EndpointOf(StepNode.Call call) =>
        call.Action.Main == ParameterType.Endpoint ? ((Argument.Constant)call.Arguments[""]).Value.Text : call.Action.Endpoint;

    private bool ConditionsAskTheClock =>
        ZoneUse.IsIn(_rule.When) || _rule.Lets.Values.Any(named => named.AsksTheClock) || _rule.Limits.Any(limit => limit.Key is { AsksTheClock: true });

    // What the clock starts goes by the clock's zone, what happens on Misskey by the set's, unless the rule has one of its own.
    private Phrase Zone
    {
        get
        {
            var (clock, otherwise) = (_rule.ZoneOf(isClock: true, _rules.Defaults), _rule.ZoneOf(isClock: false, _rules.Defaults));
            return _rule.Crons.Count == 0 ? Phrase.Of($"{otherwise.Id}")
                : clock.Equals(otherwise) || _rule.Triggers.All(name => name == EventTypes.Cron.Name) ? Phrase.Of($"{clock.Id}")
                : Phrase.Of($"{clock.Id} where the clock starts it, else {otherwise.Id}");
        }
    }

    private IEnumerable<Phrase> Unless(Inclusions included, Phrase words) => _rule.Include.HasFlag(included) ? [] : [words];

    private void Head(Phrase heading) => _lines.Add(new(0, heading));

    private void Say(Phrase line, int depth = 1) => _lines.Add(new(depth, line));

    private static Phrase Of(string trigger)
    {
        if (EventTypes.Find(trigger) is { } type)
        {
            return type.Origin switch
            {
                EventOrigin.Notifications => Phrase.Of($"{Wordings.Row(type.Doc)} (told by the stream, or found when the engine catches up)"),
                EventOrigin.Engine => Phrase.Of($"{Wordings.Row(type.Doc)} (found when the engine compares followers)"),
                _ => Wordings.Row(type.Doc),
            };
        }

        return trigger.Split(':', 2) is [var kind, var name] && EventTypes.Places.FirstOrDefault(place => place.Key == kind) is { } place
            ? Phrase.Of($"{Wordings.Row(place.Doc)}: {name} (told by the stream alone)")
            : Phrase.Of($"a webhook of type {trigger} comes");
    }

    private IEnumerable<EventType> Types => _rule.Triggers
        .Select(trigger => EventTypes.Find(trigger) ?? (trigger.Split(':', 2) is [var place, var name] ? EventTypes.At(place, name) : null)).OfType<EventType>();
}

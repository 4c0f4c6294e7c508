using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// The rules of one group that an event may start: the first whose condition holds takes it, those without a condition last. One that
/// needs a look-up is asked first and keeps the others waiting: it passes the event on when it says no.
/// </summary>
internal sealed class GroupTurn
{
    private readonly List<(Rule Rule, int Index)> _members = [];

    /// <summary>Adds the next rule in file order, which has passed the gates before <c>when</c>.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="index">Where its verdict stands.</param>
    public void Add(Rule rule, int index) => _members.Add((rule, index));

    /// <summary>Asks one after the other and puts the verdicts in; a run that keeps others waiting is told their names.</summary>
    public void Decide(List<Verdict> verdicts, List<PlannedRun> runs, Func<Rule, (Verdict Verdict, GroupAnswer Answer)> ask)
    {
        var order = _members.Where(member => member.Rule.When is not null).Concat(_members.Where(member => member.Rule.When is null)).ToList();
        string? reason = null;
        for (var i = 0; i < order.Count; i++)
        {
            var (rule, index) = order[i];
            if (reason is not null)
            {
                verdicts[index] = new(rule.Name, Gates.Group, reason);
                continue;
            }

            (verdicts[index], var answer) = ask(rule);
            reason = answer switch
            {
                GroupAnswer.Yes => $"'{rule.Name}' of group '{rule.Group}' took the event",
                GroupAnswer.Open => $"'{rule.Name}' of group '{rule.Group}' comes first",
                _ => null,
            };
            if (answer == GroupAnswer.Open)
            {
                runs[^1] = runs[^1] with { Run = runs[^1].Run with { GroupRest = [.. order.Skip(i + 1).Select(member => member.Rule.Name)] } };
            }
        }
    }
}

/// <summary>What a rule of a group says to an event.</summary>
internal enum GroupAnswer
{
    /// <summary>Not this one.</summary>
    No,

    /// <summary>It takes the event, whatever its limit says.</summary>
    Yes,

    /// <summary>It needs a look-up first.</summary>
    Open,
}

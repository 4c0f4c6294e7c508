using System.Collections.Concurrent;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// The rules in force, and the earlier versions that runs still finish on. The set is swapped as a whole; whoever took it keeps what
/// he took.
/// </summary>
public sealed class RuleVersions(IRunStore store, IReadOnlyList<ActionDescriptor> actions)
{
    private readonly ConcurrentDictionary<string, RuleVersion> _earlier = new(StringComparer.Ordinal);
    private volatile RuleSet _current = RuleSet.Empty;

    /// <summary>Told after another set was put in force.</summary>
    public event Action? Swapped;

    /// <summary>The set in force.</summary>
    public RuleSet Current => _current;

    /// <summary>Puts another set in force.</summary>
    public void Swap(RuleSet rules)
    {
        _current = rules;
        _earlier.Clear();
        Swapped?.Invoke();
    }

    /// <summary>The version of a rule with this hash; null when its text is lost or does not read any more.</summary>
    public async Task<RuleVersion?> FindAsync(string ruleName, string hash, CancellationToken cancellationToken)
    {
        var current = _current;
        if (current.Find(ruleName) is { } rule && rule.Hash == hash)
        {
            return new(rule, current);
        }

        if (_earlier.TryGetValue(hash, out var known))
        {
            return known;
        }

        if (await store.LoadRuleTextAsync(hash, cancellationToken) is not { } text)
        {
            return null;
        }

        var reading = RuleReader.Read([new SourceText($"{ruleName} ({hash[..8]})", text)], actions);
        return reading.RuleSet is { Rules: [var earlier, ..] } set
            ? _earlier.GetOrAdd(hash, new RuleVersion(earlier, set)) : null;
    }

    /// <summary>Whether waiting runs of the rule are to be cancelled: it is gone from the set, or switched off.</summary>
    public bool IsWithdrawn(string ruleName) => _current.Find(ruleName) is not { Mode: not RuleMode.Disabled };

    /// <summary>Whether the rule only shows what it would do, now.</summary>
    public bool IsDryRun(string ruleName) => _current.Find(ruleName) is { Mode: RuleMode.DryRun };
}

/// <summary>A version of a rule with the set it was read in.</summary>
public sealed record RuleVersion(Rule Rule, RuleSet Set);

using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Health;

/// <summary>What the last reading of the rules found. The engine starts with good ones only.</summary>
internal sealed class RuleFindings
{
    private volatile IReadOnlyList<Diagnostic> _last = [];

    public RuleFindings(RuleReloader reloader) => reloader.Reloaded += (reading, isInForce) =>
    {
        _last = reading.Diagnostics;
        IsBroken = !isInForce;
    };

    /// <summary>Whether the rules of the folder are not those in force.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>How many findings of a severity there are.</summary>
    public int Count(Severity severity) => _last.Count(finding => finding.Severity == severity);
}

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Collects all findings of a reading, in the order of discovery. Not thread-safe.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _items = [];

    /// <summary>Everything found so far.</summary>
    public IReadOnlyList<Diagnostic> Items => _items;

    /// <summary>Whether at least one error was found.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Takes one finding.</summary>
    public void Add(Diagnostic diagnostic)
    {
        _items.Add(diagnostic);
        HasErrors |= diagnostic.Severity == Severity.Error;
    }

    /// <summary>The findings by file, then by place.</summary>
    public IReadOnlyList<Diagnostic> Sorted() =>
        [.. _items.OrderBy(d => d.Source.Path, StringComparer.Ordinal).ThenBy(d => d.Span.Start).ThenBy(d => d.Code, StringComparer.Ordinal)];
}

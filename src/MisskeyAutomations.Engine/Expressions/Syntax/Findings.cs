using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>Places the findings about one written value in its file.</summary>
internal sealed class Findings(SourceSlice slice, DiagnosticBag bag)
{
    private readonly HashSet<(string Code, TextSpan Span)> _told = [];

    /// <summary>The written value.</summary>
    public SourceSlice Slice => slice;

    /// <summary>Whether an error was found in this value.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Takes a finding; the same one at the same place is told once.</summary>
    public void Add(DiagnosticDescriptor descriptor, TextSpan span, Phrase? hint = null, Phrase? note = null, params object[] arguments)
    {
        HasErrors |= descriptor.Severity == Severity.Error;
        if (_told.Add((descriptor.Code, span)))
        {
            bag.Add(descriptor.At(slice, span, arguments) with { Hint = hint, Note = note });
        }
    }

    /// <summary>The characters of a span.</summary>
    public string TextOf(TextSpan span) => slice.Text[span.Start..span.End];
}

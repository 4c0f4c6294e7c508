namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>How grave a diagnostic is.</summary>
public enum Severity
{
    /// <summary>The rule set loads; the author should look.</summary>
    Warning,

    /// <summary>The rule set does not load.</summary>
    Error,
}

/// <summary>One row of the table of diagnostics: a stable code and its sentence.</summary>
/// <param name="Code"><c>MKA</c> and four digits; never reused for another meaning.</param>
/// <param name="Severity">Error or warning.</param>
/// <param name="Message">One sentence without a full stop, with <c>{0}</c> holes.</param>
public sealed record DiagnosticDescriptor(string Code, Severity Severity, string Message)
{
    /// <summary>Makes the diagnostic of this row at a place.</summary>
    public Diagnostic At(SourceText source, TextSpan span, params object[] arguments) => new()
    {
        Descriptor = this,
        Arguments = arguments,
        Source = source,
        Span = span,
    };

    /// <summary>Makes the diagnostic of this row at a part of a written value.</summary>
    public Diagnostic At(SourceSlice slice, TextSpan span, params object[] arguments) => At(slice.Source, slice.Map(span), arguments);
}

/// <summary>A finding about rule text.</summary>
public sealed record Diagnostic
{
    /// <summary>The row of the table it belongs to.</summary>
    public required DiagnosticDescriptor Descriptor { get; init; }

    /// <summary>What fills the holes of the row's sentence: names, numbers, and phrases where it is English.</summary>
    public required IReadOnlyList<object> Arguments { get; init; }

    /// <summary>The file.</summary>
    public required SourceText Source { get; init; }

    /// <summary>The very characters that are meant.</summary>
    public required TextSpan Span { get; init; }

    /// <summary>What to write instead, shown beside the caret; null when there is nothing better than the sentence.</summary>
    public Phrase? Hint { get; init; }

    /// <summary>Background shown below (<c>= event 'followed' gives user: …</c>); null when there is none.</summary>
    public Phrase? Note { get; init; }

    /// <summary>The stable code.</summary>
    public string Code => Descriptor.Code;

    /// <summary>Error or warning.</summary>
    public Severity Severity => Descriptor.Severity;

    /// <summary>The sentence with its holes filled, in English.</summary>
    public string Message => MessageIn(Translation.English);

    /// <summary>The sentence with its holes filled.</summary>
    public string MessageIn(Translation translation) => translation.Say(Descriptor.Message, Arguments);
}

using System.Reflection;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Tests.Expressions;

/// <summary>
/// Cases in a file: one a line, <c>expression ⟶ expectation</c>. The expectation is the value as <see cref="Value.ToString"/> writes
/// it (<c>5</c>, <c>'text'</c>, <c>needs UserShow u2</c>, <c>error: …</c>), or the diagnostics as <c>CODE@COLUMN 'span' → hint</c>
/// joined by <c> ‖ </c>. Lines that begin with <c>//</c> are comments; a line end in an expression is written <c>⏎</c>.
/// </summary>
internal static class CaseFile
{
    private const string Arrow = " ⟶ ";

    public static IEnumerable<(int Line, string Expression, string Expected)> Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"There is no case file {name}.");
        using var reader = new StreamReader(stream);
        for (var line = 1; reader.ReadLine() is { } text; line++)
        {
            if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal))
            {
                continue;
            }

            var arrow = text.LastIndexOf(Arrow, StringComparison.Ordinal);
            if (arrow < 0)
            {
                throw new InvalidOperationException($"{name}:{line}: a case is written: expression{Arrow}expectation");
            }

            yield return (line, text[..arrow].Replace("⏎", "\n", StringComparison.Ordinal), text[(arrow + Arrow.Length)..]);
        }
    }

    /// <summary>What an expression gives, in the words of a case file.</summary>
    public static string Evaluate(string expression)
    {
        var bag = new DiagnosticBag();
        var compiled = ExpressionCompiler.Compile(SourceSlice.Of(expression), SomeScope.Context, bag);
        return compiled is null || bag.Items.Count > 0 ? Tell(bag) : compiled.Evaluate(SomeScope.Make()).ToString();
    }

    /// <summary>What a condition gives, in the words of a case file.</summary>
    public static string EvaluateCondition(string expression)
    {
        var bag = new DiagnosticBag();
        var compiled = ExpressionCompiler.CompileCondition(SourceSlice.Of(expression), SomeScope.Context, bag);
        return compiled is null || bag.Items.Count > 0 ? Tell(bag) : compiled.Evaluate(SomeScope.Make()).ToString();
    }

    /// <summary>The text that a template posts, in the words of a case file.</summary>
    public static string Render(string template)
    {
        var bag = new DiagnosticBag();
        var compiled = ExpressionCompiler.CompileTemplate(SourceSlice.Of(template), SomeScope.Context, bag);
        if (compiled is null || bag.Items.Count > 0)
        {
            return Tell(bag);
        }

        var value = compiled.Render(SomeScope.Make());
        return value.Kind == ValueKind.Text
            ? $"'{Neutralizer.Neutralize(value.MarkedText).Replace("\u200B", "⁝", StringComparison.Ordinal).Replace("\n", "⏎", StringComparison.Ordinal)}'"
            : value.ToString();
    }

    /// <summary>The canonical spelling of an expression.</summary>
    public static string Format(string expression) =>
        ExpressionFormatter.Format(SourceSlice.Of(expression))?.Replace("\n", "⏎", StringComparison.Ordinal) ?? "not well formed";

    /// <summary>Everything that is found about a text when it stands as a value, as a condition and as a template.</summary>
    public static IEnumerable<Diagnostic> Findings(string text)
    {
        var bag = new DiagnosticBag();
        ExpressionCompiler.Compile(SourceSlice.Of(text), SomeScope.Context, bag);
        ExpressionCompiler.CompileCondition(SourceSlice.Of(text), SomeScope.Context, bag);
        ExpressionCompiler.CompileTemplate(SourceSlice.Of(text), SomeScope.Context, bag);
        return bag.Items;
    }

    public static string Tell(DiagnosticBag bag) => string.Join(" ‖ ", bag.Items.Select(found =>
    {
        var (line, column) = found.Source.GetPosition(found.Span.Start);
        var place = line == 1 ? $"{column}" : $"{line}:{column}";
        var span = found.Source.Text[found.Span.Start..found.Span.End].Replace("\n", "⏎", StringComparison.Ordinal);
        return $"{found.Code}@{place} [{span}]{(found.Hint is null ? "" : $" → {found.Hint}")}";
    }));
}

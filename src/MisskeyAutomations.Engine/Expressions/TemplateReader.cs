using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Splits a text into what is written and its <c>${…}</c> holes, and compiles the holes.</summary>
internal sealed class TemplateReader(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics)
{
    private readonly Findings _findings = new(source, diagnostics);
    private readonly DiceCounter _dice = new(context.Place);
    private readonly List<Operation> _parts = [];
    private readonly System.Text.StringBuilder _literal = new();
    private int _literalStart;
    private bool _hasHoles;

    /// <summary>The template; null when a hole has an error.</summary>
    public Template? Read() => ReadParts() is null ? null : Assemble();

    /// <summary>What is written and the holes, in order; null when a hole has an error.</summary>
    public IReadOnlyList<Operation>? ReadParts()
    {
        var text = source.Text;
        for (var at = 0; at < text.Length;)
        {
            if (text.AsSpan(at).StartsWith("$${"))
            {
                _literal.Append("${");
                at += 3;
            }
            else if (text.AsSpan(at).StartsWith("${"))
            {
                WarnOfMention(at);
                EndLiteral(at);
                at = ReadHole(at);
                _literalStart = at;
            }
            else
            {
                _literal.Append(text[at]);
                at++;
            }
        }

        EndLiteral(text.Length);
        return _findings.HasErrors ? null : _parts;
    }

    private Template Assemble() => _parts switch
    {
        [] => new(source, new Constant(default, Shape.Text, Value.Of("", ValueMarks.Markup)), isConstant: true),
        [var only] => new(source, only, isConstant: !_hasHoles),
        _ => new(source, new Joined(new(0, source.Text.Length), [.. _parts]), isConstant: false),
    };

    private void EndLiteral(int end)
    {
        WarnOfForeignHoles(end);
        if (_literal.Length > 0)
        {
            _parts.Add(new Constant(new(_literalStart, end), Shape.Text, Texts.Of(_literal.ToString(), ValueMarks.Markup)));
            _literal.Clear();
        }
    }

    // Returns where the text goes on.
    private int ReadHole(int start)
    {
        _hasHoles = true;
        if (ReadDoubleHole(start) is { } behind)
        {
            return behind;
        }

        var lexed = Lexer.Read(_findings, start + 2, inHole: true);
        if (!lexed.IsClosed)
        {
            // An open quote swallows the brace: that was told already.
            if (!lexed.IsBroken)
            {
                _findings.Add(ExpressionDiagnostics.UnclosedHole, new(start, start + 2), "write $${ for the signs themselves");
            }

            return source.Text.Length;
        }

        if (lexed.Tokens is { } tokens && !lexed.IsBroken && NodeReader.Read(_findings, tokens) is { } node)
        {
            var hole = Secrets.Read(node, context, _findings) ?? new Binder(context, _findings, _dice).Bind(node);
            WarnOfObject(hole);
            _parts.Add(hole);
        }

        return lexed.End;
    }

    private void WarnOfForeignHoles(int end)
    {
        var start = _literalStart;
        foreach (var (span, form, hint) in ForeignHoles.Find(source.Text[start..end], context.Variables))
        {
            _findings.Add(ExpressionDiagnostics.ForeignHole, new(start + span.Start, start + span.End), hint, null, form);
        }
    }

    // ${{ user.name }} is what GitHub's workflows write.
    private int? ReadDoubleHole(int start)
    {
        if (start + 2 >= source.Text.Length || source.Text[start + 2] != '{' || source.Text.IndexOf("}}", start, StringComparison.Ordinal) is not (>= 0 and var close))
        {
            return null;
        }

        _findings.Add(ExpressionDiagnostics.UnexpectedCharacter, new(start, start + 3), $"this engine writes ${{{source.Text[(start + 3)..close].Trim()}}}", null, "${{");
        return close + 2;
    }

    // Only where people read it: a body, a log or a value to keep may well be JSON.
    private void WarnOfObject(Operation hole)
    {
        var element = hole.Shape is Shape.ListShape list ? list.Element : hole.Shape;
        if (!context.IsForPeople || element is not Shape.ObjectShape { Open: false } entity)
        {
            return;
        }

        var written = _findings.TextOf(hole.Span);
        _findings.Add(ExpressionDiagnostics.ObjectInText, hole.Span, hole.Shape is Shape.ListShape ? Phrase.Of($"count them, or take one: ${{count({written})}}") : entity.Name switch
        {
            "user" => Phrase.Of($"write ${{{written}.name}}, or ${{mention({written})}}"),
            "me" => Phrase.Of($"write ${{{written}.name}}"),
            "note" => Phrase.Of($"write ${{{written}.text}}"),
            "file" => Phrase.Of($"write ${{{written}.url}}"),
            "error" => Phrase.Of($"write ${{{written}.message}}"),
            "response" => Phrase.Of($"write ${{{written}.body}}"),
            _ => Phrase.Of($"write the part that is meant: ${{{written}.…}}"),
        }, null, written, ShapeWords.Of(hole.Shape));
    }

    private void WarnOfMention(int hole)
    {
        if (hole > 0 && source.Text[hole - 1] == '@' && !(hole > 1 && char.IsAsciiLetterOrDigit(source.Text[hole - 2])) && !IsInAddress(hole - 1))
        {
            var end = source.Text.IndexOf('}', hole) is >= 0 and var brace ? brace + 1 : source.Text.Length;
            var inner = source.Text[(hole + 2)..Math.Max(hole + 2, end - 1)].Trim();
            var user = inner.LastIndexOf('.') is > 0 and var dot && inner.All(c => char.IsLetterOrDigit(c) || c is '.' or '_') ? inner[..dot] : "user";
            _findings.Add(ExpressionDiagnostics.NeutralisedMention, new(hole - 1, end), $"write ${{mention({user})}}");
        }
    }

    // https://misskey.example/@${user.acct} is an address, not a mention.
    private bool IsInAddress(int at)
    {
        var start = at;
        while (start > 0 && !char.IsWhiteSpace(source.Text[start - 1]))
        {
            start--;
        }

        return source.Text.AsSpan(start, at - start).StartsWith("http://") || source.Text.AsSpan(start, at - start).StartsWith("https://");
    }

    /// <summary>The parts of a text, one after the other.</summary>
    private sealed class Joined(TextSpan span, Operation[] parts) : Operation(span, Shape.Text)
    {
        public override IReadOnlyList<Operation> Operands => parts;

        public override Value Evaluate(Scope scope)
        {
            var values = new Value[parts.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                values[i] = parts[i].Evaluate(scope);
                if (!values[i].IsKnown)
                {
                    return values[i];
                }
            }

            return Texts.Concatenate(values);
        }
    }
}

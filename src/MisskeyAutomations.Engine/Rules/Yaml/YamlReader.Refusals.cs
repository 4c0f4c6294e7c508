using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using YamlDotNet.Core.Events;

namespace MisskeyAutomations.Engine.Rules.Yaml;

// What YAML has and rules do not, and what YAML takes for something else than its author meant.
internal sealed partial class YamlReader
{
    // A '#' after a blank cuts an unquoted text short without a word. Before a word it is likelier a hashtag than a comment.
    private bool IsWhole(SourceNode.Scalar scalar)
    {
        var text = _source.Text;
        var hash = scalar.Span.End;
        while (hash < text.Length && text[hash] is ' ' or '\t')
        {
            hash++;
        }

        if (hash == scalar.Span.End || hash + 1 >= text.Length || text[hash] != '#' || !(char.IsLetterOrDigit(text[hash + 1]) || char.IsHighSurrogate(text[hash + 1]) || text[hash + 1] is '\ufe0f' or '\u20e3'))
        {
            return true;
        }

        var end = text.AsSpan(hash).IndexOfAny('\r', '\n');
        var comment = new TextSpan(hash, end < 0 ? text.Length : hash + end);
        _found.Add(YamlDiagnostics.SwallowedByComment.At(_source, comment, Excerpt.Of(text[comment.Start..comment.End].TrimEnd())) with
        {
            Hint = "quote the whole text, or use |; a comment has a space after its #",
        });
        return false;
    }

    // 'on：followed' is no key, but one more line of the text above, or a text of its own.
    private bool HasFullWidthStructure(TextSpan span)
    {
        if (_source.Text.AsSpan(span.Start, span.Length).IndexOfAny(FullWidthMark.Characters) < 0
            || FullWidthMark.FindNear(_source, span.Start, span.End) is not { } found || found.Span.Start < span.Start || found.Span.End > span.End
            || (LineOf(found) > _source.GetPosition(span.Start).Line && IsProse(found.Span.End)))
        {
            return false;
        }

        _found.Add(found);
        return true;
    }

    // 'visibility：home' below a text is a slip; 'note：明日' goes on with it.
    private bool IsProse(int start)
    {
        var rest = _source.Text.AsSpan(start, Math.Min(60, _source.Text.Length - start)).TrimStart(" \u3000");
        return rest.IsEmpty || !char.IsAscii(rest[0]);
    }

    // '{ cron："0 8 * * *" }' holds a key that goes on to the brace; '｜' opens no text block.
    private bool HasFullWidthSign(TextSpan span)
    {
        var isKey = _open.TryPeek(out var frame) && frame is { IsMapping: true, ExpectsValue: false };
        var isBlock = span.Length > 1 && _source.Text[span.Start] is '｜' or '＞' && _source.Text[span.Start + 1] is '\r' or '\n';
        var found = isBlock ? FullWidthMark.AtSign(_source, span.Start)
            : isKey && _source.Text.AsSpan(span.Start, span.Length).IndexOfAny(FullWidthMark.Characters) >= 0 ? FullWidthMark.FindAt(_source, span.Start) : null;
        if (found is null || found.Span.End > span.End)
        {
            return false;
        }

        _found.Add(found);
        return true;
    }

    private bool RefuseProperties(NodeEvent node, TextSpan span)
    {
        if (!node.Tag.IsEmpty)
        {
            RefuseTag(node, span);
            return true;
        }

        if (node.Anchor.IsEmpty)
        {
            return false;
        }

        var anchor = "&" + node.Anchor.Value;
        var start = Math.Max(_source.Text.IndexOf(anchor, span.Start, StringComparison.Ordinal), span.Start);
        _found.Add(YamlDiagnostics.Anchor.At(_source, new(start, Clamp(start + anchor.Length)), Excerpt.Of(anchor)) with
        {
            Hint = "write the value out, or quote the text",
        });
        return true;
    }

    private void RefuseTag(NodeEvent node, TextSpan span)
    {
        var start = Math.Max(_source.Text.IndexOf('!', span.Start), span.Start);
        var end = start;
        while (end < _source.Text.Length && _source.Text[end] is not (' ' or '\t' or '\r' or '\n'))
        {
            end++;
        }

        var tag = _source.Text[start..end];
        // An empty value's span may go on to the next line.
        var rest = (node is Scalar ? _source.Text[start..Math.Max(end, span.End)] : tag).Split('\n')[0].TrimEnd();
        _found.Add(YamlDiagnostics.Tag.At(_source, new(start, end), Excerpt.Of(tag)) with
        {
            Hint = TakesExpression(CurrentKey) && rest.Length > 1
                ? Phrase.Of($"write 'not {Excerpt.Of(rest[1..].TrimStart())}'")
                : Phrase.Of($"quote the text: '{Excerpt.Of(rest.Replace("'", "''", StringComparison.Ordinal))}'"),
        });
    }

    private SourceNode.Unreadable RefuseAlias(TextSpan span)
    {
        var text = _source.Text[span.Start..span.End];
        var isCron = CronLike().IsMatch(_source.Text.AsSpan(span.Start, Math.Min(12, _source.Text.Length - span.Start)));
        _found.Add(YamlDiagnostics.Alias.At(_source, span, Excerpt.Of(text)) with
        {
            Hint = isCron || CurrentKey == "cron" ? QuoteCron(_source, span.Start)
                : AliasName().IsMatch(text) ? "write the value out, or quote the text"
                : "quote the whole text, or use | and write it on the next line",
        });
        return new() { Source = _source, Span = span };
    }

    internal static Phrase QuoteCron(SourceText source, int start)
    {
        var rest = source.Text.AsSpan(start, Math.Min(60, source.Text.Length - start));
        var end = rest.IndexOfAny('\r', '\n', '}');
        return $"quote the cron: \"{(end < 0 ? rest : rest[..end]).TrimEnd()}\"";
    }

    private string? CurrentKey => _open.FirstOrDefault(frame => frame is { IsMapping: true, Key: not null })?.Key?.Text;

    internal static bool TakesExpression(string? key) =>
        key is "when" or "if" or "all" or "any" or "none" or "let" or "for-each" or "to" or "per" or "user" or "follow" or "unfollow";

    private SourceSlice? ReadKey(SourceNode node)
    {
        switch (node)
        {
            case SourceNode.Scalar { IsPlain: true, Text: "<<" } merge:
                _found.Add(YamlDiagnostics.MergeKey.At(_source, merge.Span) with { Hint = "write the keys out" });
                return null;
            case SourceNode.Scalar { IsNull: true } or SourceNode.Scalar { IsPlain: true, Text: "true" or "false" }:
            case SourceNode.Scalar { IsPlain: true } when CoreScalar.IsNumber(((SourceNode.Scalar)node).Text):
                _found.Add(YamlDiagnostics.KeyIsNoText.At(_source, node.Span, ((SourceNode.Scalar)node).Text is { Length: > 0 } text ? Excerpt.Of(text) : (object)Phrase.Of("nothing")) with
                {
                    Hint = "quote it to make it text",
                });
                return null;
            case SourceNode.Scalar key:
                return key.Value;
            case SourceNode.Unreadable:
                return null;
            default:
                RefuseKey(node);
                return null;
        }
    }

    private void RefuseKey(SourceNode node)
    {
        var start = node.Span.Start;
        var isDouble = node is SourceNode.Mapping { IsFlow: true } && start > 0 && _source.Text[start - 1] == '{';
        if (isDouble && start > 1 && _source.Text[start - 2] == '$')
        {
            isDouble = false;
        }

        var diagnostic = isDouble
            ? DoubleBraces(_source, start - 1)
            : start > 0 && _source.Text[start - 1] == '$'
                ? YamlDiagnostics.HoleInFlow.At(_source, new(start - 1, node.Span.End)) with { Hint = "quote it, or use block form" }
                : YamlDiagnostics.KeyIsNoText.At(_source, node.Span, Phrase.Of(node is SourceNode.Mapping ? "a mapping" : "a list")) with { Hint = "quote it to make it text" };
        _found.Add(diagnostic);
    }

    internal static Diagnostic DoubleBraces(SourceText source, int start)
    {
        var line = source.Text.AsSpan(start, Math.Min(200, source.Text.Length - start));
        line = line[..(line.IndexOf('\n') is var lineEnd and >= 0 ? lineEnd : line.Length)];
        var end = start + (line.IndexOf("}}") is var closing and >= 0 ? closing + 2 : line.Length);
        var inner = source.Text[start..end].Trim('{', '}', ' ', '\r');
        return YamlDiagnostics.DoubleBraces.At(source, new(start, end)) with { Hint = $"this engine writes ${{{Excerpt.Of(inner)}}}" };
    }

    [GeneratedRegex(@"^\*(/\d+)?( |\d)[\d*/,\- ]", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex CronLike();

    [GeneratedRegex(@"^\*[\w-]+$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex AliasName();
}

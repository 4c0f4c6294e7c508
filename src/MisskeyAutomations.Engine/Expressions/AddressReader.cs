using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions.Operations;
using MisskeyAutomations.Engine.Expressions.Syntax;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// Reads an address with holes. Where it leads is settled when the rule loads: scheme, host and port are written out, so that nothing
/// that happens on Misskey can change who is called. The one exception is an address that is a secret as a whole.
/// </summary>
internal sealed partial class AddressReader(SourceSlice source, ExpressionContext context, DiagnosticBag diagnostics)
{
    private const string WriteHost = "write the host out: https://example.com/${…}";

    private readonly Findings _findings = new(source, diagnostics);

    /// <summary>The address; null after an error.</summary>
    public Template? Read()
    {
        if (new TemplateReader(source, context, diagnostics).ReadParts() is not { } parts)
        {
            return null;
        }

        if (parts is [var only] && Secrets.AreIn(only))
        {
            return new(source, only, isConstant: false);
        }

        foreach (var part in parts.Where(Secrets.AreIn))
        {
            _findings.Add(ExpressionDiagnostics.SecretMisplaced, part.Span, "put the whole address into the secret, and write ${secret.NAME} alone");
        }

        Check(FirstHole());
        return _findings.HasErrors ? null : new(source, new AddressOperation(new(0, source.Text.Length), [.. parts]), isConstant: parts.All(part => part is Constant));
    }

    private void Check(int hole)
    {
        var text = source.Text;
        if (Unprintable().Match(text) is { Success: true } stranger && !IsInHole(stranger.Index))
        {
            Refuse(stranger.Index, stranger.Index + 1, stranger.Value is "\\" ? "it has a backslash" : "it has a blank or a line break", "write it on one line; a blank is %20");
            return;
        }

        if (Scheme().Match(text) is not { Success: true } scheme || scheme.Length > hole)
        {
            RefuseStart(hole);
            return;
        }

        var end = text.AsSpan(scheme.Length).IndexOfAny("/?#") is >= 0 and var length ? scheme.Length + length : text.Length;
        if (hole < end)
        {
            _findings.Add(RuleDiagnostics.HostNotLiteral, HoleAt(hole), hole == scheme.Length ? WriteHost : "put a / before it: the host ends there");
            return;
        }

        CheckAuthority(scheme.Length, end, scheme.Value);
        foreach (Match dots in DotSegment().Matches(text[end..]))
        {
            var segment = dots.Groups["dots"];
            Refuse(end + segment.Index, end + segment.Index + segment.Length, "its path climbs", "write the path out");
        }
    }

    private void RefuseStart(int hole)
    {
        var text = source.Text;
        if (hole == 0 || Scheme().IsMatch(text[..hole] + "x") || (hole < text.Length && "https://".StartsWith(text[..hole], StringComparison.OrdinalIgnoreCase)))
        {
            _findings.Add(RuleDiagnostics.HostNotLiteral, HoleAt(hole), WriteHost);
            return;
        }

        var isOther = text.IndexOf("://", StringComparison.Ordinal) is > 0 and < 20;
        Refuse(0, text.Length, isOther ? "only http and https can be called" : "it does not begin with https://",
            isOther || text.Contains(':', StringComparison.Ordinal) ? "write https://…" : Phrase.Of($"write https://{text}"));
    }

    private void CheckAuthority(int start, int end, string scheme)
    {
        var authority = source.Text[start..end];
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            Refuse(start, end, "a name or password stands before its host", "write headers: { Authorization: … }");
        }
        else if (FullWidth().IsMatch(authority))
        {
            Refuse(start, end, "its host has full-width signs", "write its digits, dots and letters half-width");
        }
        else if (!Authority().IsMatch(authority)
            || !Uri.TryCreate(scheme + authority + "/", UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || HostName.Of(uri) is null || uri.Port == 0)
        {
            Refuse(start, Math.Max(end, start + 1), "its host is none", "write it like https://example.com/path");
        }
    }

    private void Refuse(int start, int end, Phrase reason, Phrase hint) =>
        _findings.Add(RuleDiagnostics.InvalidUrl, new(Math.Min(start, source.Text.Length), Math.Min(end, source.Text.Length)), hint, null, reason);

    private int FirstHole()
    {
        for (var at = source.Text.IndexOf("${", StringComparison.Ordinal); at >= 0; at = source.Text.IndexOf("${", at + 2, StringComparison.Ordinal))
        {
            if (at == 0 || source.Text[at - 1] != '$')
            {
                return at;
            }
        }

        return source.Text.Length;
    }

    private TextSpan HoleAt(int start) => new(start, source.Text.IndexOf('}', start) is >= 0 and var close ? close + 1 : source.Text.Length);

    // Holes hold expressions, which may have blanks.
    private bool IsInHole(int at)
    {
        var open = source.Text.LastIndexOf("${", at, StringComparison.Ordinal);
        return open >= 0 && source.Text.IndexOf('}', open) is var close && (close < 0 || close > at);
    }

    [GeneratedRegex("^https?://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"[\s\p{Cc}\p{Cf}\\]", RegexOptions.NonBacktracking)]
    private static partial Regex Unprintable();

    [GeneratedRegex(@"[\uFF00-\uFFEF\u3000-\u3002]", RegexOptions.NonBacktracking)]
    private static partial Regex FullWidth();

    [GeneratedRegex(@"^([\p{L}\p{M}\p{N}]([\p{L}\p{M}\p{N}._-]*[\p{L}\p{M}\p{N}])?\.?|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Authority();

    [GeneratedRegex(@"/(?<dots>\.|%2e|\.\.|\.%2e|%2e\.|%2e%2e)($|[/?#])", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex DotSegment();
}

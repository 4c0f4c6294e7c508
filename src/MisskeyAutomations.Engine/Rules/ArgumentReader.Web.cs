using System.Collections.Frozen;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

// Addresses of other servers, and the headers that go there.
internal sealed partial class ArgumentReader
{
    private const int MostHeaders = 32;

    // What the connection is made of, and what tells a server that a request is a repetition, is not the rule's to say.
    private static readonly FrozenSet<string> OwnHeaders = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Encoding", "Content-Length", "Expect", "Host", "Idempotency-Key", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE",
        "Trailer", "Transfer-Encoding", "Upgrade", "Via");

    private Argument.Text? ReadAddress(string key, SourceNode node, ExpressionContext context) =>
        reading.ReadText(key, node, "an address such as https://example.com/path") is { } text
        && ExpressionCompiler.CompileAddress(text.Value, context, reading.Diagnostics) is { } address ? new(address) : null;

    private Argument.Mapping? ReadHeaders(string key, SourceNode node, ExpressionContext context)
    {
        if (node is not SourceNode.Mapping mapping)
        {
            reading.ReportWrongKind(key, "a mapping from names to texts", node, "write { Authorization: … }");
            return null;
        }

        var headers = new Dictionary<string, Argument>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in mapping.Entries)
        {
            Phrase? objection = !HeaderName().IsMatch(name.Text) ? "its name has signs that no header has"
                : OwnHeaders.Contains(name.Text) ? "the engine sets it"
                : headers.ContainsKey(name.Text) ? "it is there already"
                : headers.Count == MostHeaders ? Phrase.Of($"a request has at most {MostHeaders}") : null;
            if (objection is not null)
            {
                reading.Report(RuleDiagnostics.InvalidHeader.At(name, Excerpt.Of(name.Text), objection) with { Hint = "remove it" });
            }
            else if (ReadTemplate(name.Text, value, context) is { } text)
            {
                headers[name.Text] = text;
            }
        }

        return headers.Count == mapping.Entries.Count ? new(headers) : null;
    }

    [GeneratedRegex("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex HeaderName();
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>
/// A recorded webhook and what is changed in it, as one line: <c>[SOURCE:]FILE PATH=JSON …</c>, with <c>$me</c> for the account's own
/// user id and <c>$author</c> for the note's author; <c>PATH=</c> alone takes the field away.
/// </summary>
internal static partial class RecordedChange
{
    public static (string Source, JsonObject Envelope) Read(string text)
    {
        var words = Words().Matches(text).Select(word => word.Value).ToArray();
        var (source, file) = words[0].Split(':') is [var way, var name] ? (way, name) : ("webhook", words[0]);
        var envelope = JsonNode.Parse(Payloads.Body(Path.GetFileNameWithoutExtension(file)))!.AsObject();
        var author = envelope["body"]?["note"]?["userId"]?.GetValue<string>();
        foreach (var change in words[1..])
        {
            var at = change.IndexOf('=', StringComparison.Ordinal);
            var value = change[(at + 1)..].Replace("$me", envelope["userId"]?.GetValue<string>(), StringComparison.Ordinal).Replace("$author", author, StringComparison.Ordinal);
            Set(envelope, change[..at].Split('.'), value);
        }

        return (source, envelope);
    }

    private static void Set(JsonObject envelope, string[] path, string json)
    {
        var owner = path[..^1].Aggregate((JsonNode)envelope, (node, name) => node[name] ??= new JsonObject()).AsObject();
        if (json.Length == 0)
        {
            owner.Remove(path[^1]);
        }
        else
        {
            owner[path[^1]] = JsonNode.Parse(json);
        }
    }

    [GeneratedRegex("(\"[^\"]*\"|[^ ])+", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}

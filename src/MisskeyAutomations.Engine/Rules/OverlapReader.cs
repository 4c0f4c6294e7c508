using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads <c>overlap</c>: <c>skip</c>, <c>queue per user</c> …</summary>
internal static partial class OverlapReader
{
    internal static readonly string[] Keys = ["user", "note", "thread"];

    internal static readonly Dictionary<string, OverlapMode> Modes = new(StringComparer.Ordinal)
    {
        ["parallel"] = OverlapMode.Parallel,
        ["skip"] = OverlapMode.Skip,
        ["queue"] = OverlapMode.Queue,
        ["restart"] = OverlapMode.Restart,
    };

    public static Overlap Read(Reading reading, RuleEvents events, SourceNode node)
    {
        if (reading.ReadText("overlap", node, "parallel, skip, queue or restart") is not { } text)
        {
            return Overlap.Parallel;
        }

        var match = Text().Match(text.Text);
        var (mode, key) = (match.Groups["mode"], match.Groups["key"]);
        if (!match.Success || !Modes.TryGetValue(mode.Value, out var known))
        {
            reading.Report(RuleDiagnostics.InvalidWord.At(text, "overlap", Words.Or([.. Modes.Keys]), Excerpt.Of(text.Text)) with
            {
                Hint = Reading.DidYouMean(text.Text.Split(' ')[0], Modes.Keys) ?? (Reading.Narrow(text.Text) is { } narrow ? Reading.InOrdinaryWidth(narrow) : "write it like queue, or queue per user"),
            });
            return Overlap.Parallel;
        }

        if (!key.Success)
        {
            return new(known, LimitKey.Account, text.Text);
        }

        var slice = text.Value.Part(key.Index, key.Length);
        if (!Keys.Contains(key.Value, StringComparer.Ordinal))
        {
            reading.Report(RuleDiagnostics.InvalidWord.At(slice, "per", Words.Or(Keys), Excerpt.Of(key.Value)) with { Hint = Reading.DidYouMean(key.Value, Keys) });
            return Overlap.Parallel;
        }

        var per = key.Value switch { "user" => LimitKey.User, "note" => LimitKey.Note, _ => LimitKey.Thread };
        var variable = per == LimitKey.User ? "user" : "note";
        if (events.Lacking(variable) is { } lacking)
        {
            reading.Report(RuleDiagnostics.OverlapKeyMissing.At(slice, key.Value, lacking, variable));
        }

        return new(known, per, text.Text);
    }

    [GeneratedRegex("^(?<mode>[^ ]+)( +per +(?<key>[^ ]+))?$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Text();
}

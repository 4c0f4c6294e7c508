using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>A poll as Misskey takes it.</summary>
/// <param name="Choices">Two to ten different texts of at most 50 code points.</param>
/// <param name="Multiple">Whether people may choose several.</param>
/// <param name="ExpiredAfter">How long it runs, in ms; null for ever. Counted by Misskey from the note, so that the request does not depend on our clock.</param>
/// <param name="Mentions">Whether the rule itself mentions somebody in it: Misskey reads polls for mentions too.</param>
/// <param name="Hashtags">Whether the rule itself wrote a hashtag in it.</param>
internal sealed partial record Poll(IReadOnlyList<string> Choices, bool Multiple, long? ExpiredAfter, bool Mentions, bool Hashtags)
{
    private const int MaxChoiceLength = 50;
    private const double MaxSeconds = 366 * 24 * 60 * 60;

    /// <summary>Reads <c>{ choices, multiple, expires }</c>. Null with a reason when that makes no poll.</summary>
    public static Poll? Read(Value value, out string reason)
    {
        reason = "A poll needs 2 to 10 different choices.";
        if (value.Map?.Entries is not { } entries)
        {
            return null;
        }

        var texts = entries.GetValueOrDefault("choices").List.Select(PostText.Of).Where(text => !text.IsEmpty).ToList();
        var choices = texts.Select(text => PostText.Cut(text.Text, MaxChoiceLength)).Distinct(StringComparer.Ordinal).ToList();
        if (choices.Count is < 2 or > 10)
        {
            return null;
        }

        var expires = entries.GetValueOrDefault("expires");
        double? seconds = expires.IsNull ? null : expires.Kind == ValueKind.Number ? expires.Number : ReadSeconds(expires.ToText()) ?? -1;
        if (seconds is not (null or (> 0 and <= MaxSeconds)))
        {
            reason = "A poll's 'expires' is a duration up to a year, such as 24h.";
            return null;
        }

        return new Poll(
            choices, entries.GetValueOrDefault("multiple").IsTrue, (long?)(seconds * 1000),
            texts.Exists(text => text.Mentions), texts.Exists(text => text.Hashtags));
    }

    private static double? ReadSeconds(string text)
    {
        if (!Duration().IsMatch(text))
        {
            return null;
        }

        return DurationPart().Matches(text).Sum(part =>
            double.Parse(part.ValueSpan[..^1], CultureInfo.InvariantCulture) * part.ValueSpan[^1] switch
            {
                's' => 1,
                'm' => 60,
                'h' => 60 * 60,
                _ => 24 * 60 * 60,
            });
    }

    [GeneratedRegex(@"^([0-9]{1,9}[smhd])+\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();

    [GeneratedRegex("[0-9]+[smhd]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex DurationPart();
}

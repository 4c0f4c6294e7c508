using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>A test as it stands in a rule file.</summary>
public sealed record RuleTest
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What happens, in order.</summary>
    public required IReadOnlyList<Given> Givens { get; init; }

    /// <summary>When it begins.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What all dice show, from 0 up to but not including 1; null where they fall as in earnest.</summary>
    public double? Die { get; init; }

    /// <summary>Answers to look-ups by endpoint, such as <c>users/relation</c>: a JSON object.</summary>
    public IReadOnlyDictionary<string, string> Lookups { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is kept under a key when it begins, as it is stored.</summary>
    public IReadOnlyDictionary<string, string> State { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What is expected of the rules that are named.</summary>
    public required IReadOnlyList<Expectation> Expectations { get; init; }

    /// <summary>Its file.</summary>
    public required SourceText Source { get; init; }

    /// <summary>Its place there.</summary>
    public required TextSpan Span { get; init; }
}

/// <summary>One thing that happens in a test.</summary>
public abstract record Given
{
    private Given()
    {
    }

    /// <summary>An event.</summary>
    /// <param name="Type">The envelope's <c>type</c>.</param>
    /// <param name="Body">The envelope's <c>body</c> as JSON, with defaults filled in.</param>
    public sealed record Happens(string Type, string Body) : Given
    {
        /// <summary>Whether it is a reply that does not say to what: it goes to the run that waits for a reply of its user.</summary>
        public bool AnswersAsked { get; init; }

        /// <summary>Whence it comes.</summary>
        public string Source { get; init; } = "webhook";

        /// <summary>The rest of a recorded envelope, such as whose it is, as JSON; null for one made up.</summary>
        public string? Recorded { get; init; }

        /// <summary>Where a note passed: <c>timeline:home</c> …; null for all other events.</summary>
        public string? Place { get; init; }

        /// <summary>Whether the account has muted whoever it comes from.</summary>
        public bool IsMuted { get; init; }

        /// <summary>The rule that the clock rings for; null for all other events.</summary>
        public string? ForRule { get; init; }
    }

    /// <summary>Time passes.</summary>
    public sealed record Passes(TimeSpan Length) : Given;
}

/// <summary>What a test expects of one rule.</summary>
public abstract record Expectation
{
    private Expectation()
    {
    }

    /// <summary>The rule's name.</summary>
    public required string Rule { get; init; }

    /// <summary>Where it was written.</summary>
    public required TextSpan Span { get; init; }

    /// <summary>Just these steps, in this order.</summary>
    public sealed record Acts : Expectation
    {
        /// <summary>The steps.</summary>
        public required IReadOnlyList<ExpectedStep> Steps { get; init; }
    }

    /// <summary>It is stopped by a gate; the last event decides.</summary>
    public sealed record IsSkipped : Expectation
    {
        /// <summary>The gate's name.</summary>
        public required string Gate { get; init; }

        /// <summary>The deciding expression; null when any will do.</summary>
        public string? Because { get; init; }
    }

    /// <summary>It does nothing, for whatever reason.</summary>
    public sealed record DoesNothing : Expectation;
}

/// <summary>A step that is expected.</summary>
/// <param name="Action">Its name.</param>
/// <param name="Text">What stands behind its key: the text, the user's or note's id, the reaction; null when any will do.</param>
/// <param name="Pattern">A pattern that the text must match instead; null for none.</param>
/// <param name="Options">Further fields of the request that must have these values, such as <c>visibility</c>.</param>
/// <param name="Within">How soon after the event before it; null when any time will do.</param>
public sealed record ExpectedStep(string Action, string? Text, Regex? Pattern, IReadOnlyDictionary<string, ExpectedField> Options, TimeSpan? Within)
{
    /// <summary>Of <c>set</c>, the values that it must keep, as JSON by key; others may stand beside them.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where it was written.</summary>
    public TextSpan Span { get; init; }

    /// <summary>As people write it: <c>reply: PONG!, visibility: home, within 1m</c>.</summary>
    public override string ToString()
    {
        var main = Pattern is not null ? $": /{Pattern}/" : Text is not null ? $": {Text.Trim()}" : "";
        var values = Values.Select(value => $" {value.Key}: {value.Value}").Concat(Options.Select(option => $" {option.Key}: {option.Value.Text}"));
        var within = Within is { } length ? (string[])[$" within {Rules.Durations.Format(length)}"] : [];
        return string.Join(',', values.Concat(within).Prepend(Action + main));
    }
}

/// <summary>What a field of a request must be.</summary>
/// <param name="Text">As written: what it must be, unless there is a pattern.</param>
/// <param name="Pattern">What it must match; null where it is a text.</param>
/// <param name="Span">Where it was written.</param>
public sealed record ExpectedField(string Text, Regex? Pattern, TextSpan Span);

using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;
using static MisskeyAutomations.Engine.Expressions.Functions.ParameterType;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>All functions that rules can call. The checker, the docs and the editor schema are made from it.</summary>
public static class FunctionTable
{
    /// <summary>The rows, in the order of the docs.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Special("contains", "whether a text holds one of the needles (or a list one of the entries); case, width and kana do not count", Shape.Boolean,
            NeedleSearch.Bind, new("text", TextOrList), new("needle", TextOrList) { IsRest = true }),
        Special("startsWith", "whether a text begins with one of the needles; case, width and kana do not count", Shape.Boolean,
            NeedleSearch.Bind, new("text", Text), new("needle", TextOrList) { IsRest = true }),
        Special("endsWith", "whether a text ends with one of the needles; case, width and kana do not count", Shape.Boolean,
            NeedleSearch.Bind, new("text", Text), new("needle", TextOrList) { IsRest = true }),
        Special("matches", "whether a regular expression finds something in a text", Shape.Boolean,
            PatternFunctions.Matches, new("text", Text), new("pattern", ParameterType.Pattern)),
        Special("capture", "what a group of a regular expression found; null when it found nothing", Shape.Text,
            PatternFunctions.Capture, new("text", Text), new("pattern", ParameterType.Pattern), new("group", Number) { Default = "1" }),
        Strict("fold", "a text without case, width and the difference of katakana and hiragana", Shape.Text,
            TextFunctions.Fold, new Parameter("text", Text)),
        Strict("lower", "a text in lower case", Shape.Text, TextFunctions.Lower, new Parameter("text", Text)),
        Strict("upper", "a text in upper case", Shape.Text, TextFunctions.Upper, new Parameter("text", Text)),
        Strict("trim", "a text without white space at its ends", Shape.Text, TextFunctions.Trim, new Parameter("text", Text)),
        Strict("length", "the characters of a text as people count them, or the entries of a list; 0 for null", Shape.Number,
            TextFunctions.Length, new Parameter("text", TextOrList)),
        Special("replace", "a text with every occurrence of a text or regular expression replaced", Shape.Text,
            PatternFunctions.Replace, new("text", Text), new("what", TextOrPattern), new("by", Text)),
        Special("split", "the parts of a text between the occurrences of a text or regular expression", Shape.List(Shape.Text),
            PatternFunctions.Split, new("text", Text), new("at", TextOrPattern)),
        Passing("join", "the entries of a list as one text", Shape.Text,
            TextFunctions.Join, new("list", List), new("between", Text) { Default = "', '" }),
        Strict("number", "the number that a text holds; null when it holds none", Shape.Number, TextFunctions.Number, new Parameter("text", Any)),
        Strict("duration", "the seconds of a duration such as '1h30m'; null when it is none", Shape.Number,
            TextFunctions.Duration, new Parameter("text", Text)),
        Strict("has", "whether there is something: neither null nor an empty text or list", Shape.Boolean,
            ChoiceFunctions.Has, new Parameter("value", Any)),
        Special("coalesce", "the first value that is not null", ChoiceFunctions.CommonShape,
            ChoiceFunctions.Coalesce, new Parameter("value", Any) { IsRest = true }),
        Special("if", "the second value when the condition holds, else the third", ChoiceFunctions.BranchShape,
            ChoiceFunctions.If, new("condition", ParameterType.Boolean), new("then", Any), new("else", Any) { Default = "null" }),
        Special("count", "the number of entries, or of those for which a condition on `it` holds", Shape.Number,
            EntrySearch.Count, new("list", List), new("condition", Condition) { IsOptional = true }),
        Special("first", "the first entry, or the first for which a condition on `it` holds", EntrySearch.EntryShape,
            EntrySearch.First, new("list", List), new("condition", Condition) { IsOptional = true }),
        Special("last", "the last entry, or the last for which a condition on `it` holds", EntrySearch.EntryShape,
            EntrySearch.Last, new("list", List), new("condition", Condition) { IsOptional = true }),
        Special("any", "whether a condition on `it` holds for an entry", Shape.Boolean,
            EntrySearch.Any, new("list", List), new("condition", Condition)),
        Special("all", "whether a condition on `it` holds for every entry", Shape.Boolean,
            EntrySearch.All, new("list", List), new("condition", Condition)),
        Strict("age", "the time that has passed since a time, to be compared with a duration: age(user.createdAt) < 7d", Shape.Number,
            TimeFunctions.Age, new Parameter("time", Time)),
        Strict("hour", "the hour, 0 to 23, now or at a time", Shape.Number, TimeFunctions.Hour, new Parameter("time", Time) { Default = "now" }),
        Strict("minute", "the minute, 0 to 59, now or at a time", Shape.Number, TimeFunctions.Minute, new Parameter("time", Time) { Default = "now" }),
        Strict("weekday", "the day of the week, 0 for Sunday, now or at a time", Shape.Number,
            TimeFunctions.Weekday, new Parameter("time", Time) { Default = "now" }),
        Strict("date", "the date, such as 2026-01-31, now or at a time", Shape.Text, TimeFunctions.Date, new Parameter("time", Time) { Default = "now" }),
        Special("during", "whether the time of day is within a span such as '23:00..07:00', now or at a time", Shape.Boolean,
            TimeFunctions.During, new("span", Text), new("time", Time) { Default = "now" }),
        Special("random", "a whole number from the first to the second, both included; the same within a run", Shape.Number,
            DiceFunctions.Random, new("from", Number), new("to", Number)),
        Special("chance", "true with a probability from 0 to 1; the same within a run", Shape.Boolean,
            DiceFunctions.Chance, new Parameter("probability", Number)),
        Special("choose", "one of the values, or of the entries of a list, by chance; the same within a run", DiceFunctions.ChosenShape,
            DiceFunctions.Choose, new Parameter("value", Any) { IsRest = true }),
        Passing("pick", "one entry of a list, always the same for the same key", DiceFunctions.PickedShape,
            DiceFunctions.Pick, new("key", Any), new("list", List)),
        Special("mention", "a mention that pings the user, at the host of remote ones; put a space behind it", Shape.Text,
            MarkupFunctions.Mention, new Parameter("user", User)),
        Passing("plain", "a text without any effect of MFM: no bold, emoji, links or search boxes", Shape.Text,
            MarkupFunctions.Plain, new Parameter("text", Any)),
        Passing("raw", "a text whose MFM, mentions and hashtags count as if the rule had written them", Shape.Text,
            MarkupFunctions.Raw, new Parameter("text", Any)),
        Passing("link", "a link to an http or https address", Shape.Text,
            MarkupFunctions.Link, new("url", Text), new("label", Any)),
        Special("state", "what `set` kept under a key, per user, note, thread or host when it was set so; null when nothing was", Shape.Any,
            StateFunction.Bind, new("key", Text), new("per", Text) { IsOptional = true }),
    ];

    private static readonly Dictionary<string, Function> ByName = All.ToDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>The function of this exact name; null when there is none.</summary>
    public static Function? Find(string name) => ByName.GetValueOrDefault(name);

    private static Function Strict(string name, string doc, Shape result, StrictFunction work, params Parameter[] parameters) =>
        new(name, doc, parameters, _ => result, call => new StrictCall(call, work));

    private static Function Passing(string name, string doc, Shape result, StrictFunction work, params Parameter[] parameters) =>
        Passing(name, doc, _ => result, work, parameters);

    private static Function Passing(string name, string doc, Func<FunctionCall, Shape> result, StrictFunction work, params Parameter[] parameters) =>
        new(name, doc, parameters, result, call => new PassingCall(call, work));

    private static Function Special(string name, string doc, Shape result, Func<FunctionCall, Operation> bind, params Parameter[] parameters) =>
        new(name, doc, parameters, _ => result, bind);

    private static Function Special(string name, string doc, Func<FunctionCall, Shape> result, Func<FunctionCall, Operation> bind, params Parameter[] parameters) =>
        new(name, doc, parameters, result, bind);
}

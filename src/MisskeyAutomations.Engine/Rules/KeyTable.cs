namespace MisskeyAutomations.Engine.Rules;

/// <summary>One key of rule files.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Doc">What it holds, in a line for people, without a full stop.</param>
internal sealed record KeyRow(string Name, string Doc);

/// <summary>One step that steers instead of acting.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Doc">What it does, in a line for people, without a full stop.</param>
/// <param name="Options">What may stand beside it.</param>
internal sealed record FlowRow(string Name, string Doc, params IReadOnlyList<KeyRow> Options);

/// <summary>The keys of rule files, each with what it means. What the readers accept and what editors show is made from it.</summary>
internal static class KeyTable
{
    public static readonly IReadOnlyList<KeyRow> OfFile =
    [
        new("rules", "The rules: what happens when"),
        new("tests", "Tests of rules: what happens, and what the rules must make of it"),
        new("lists", "Named lists of texts, used as lists.NAME"),
        new("defaults", "Settings of all rules in all files; each is set once"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfRule =
    [
        new("name", "The rule's name: letters of any script, digits and hyphens, unique in all files"),
        new("description", "What the rule is for, in words for people"),
        new("account", "The account, or a list of accounts, that the rule is for; every account unless given"),
        new("enabled", "true, false, or dry-run: decide and wait as in earnest, but only show what would be sent"),
        new("on", "What starts the rule: one trigger, or a list of them"),
        new("include", "Events that are otherwise ignored: what I do myself, what bots do, what muted and blocked people do"),
        new("timezone", "The time zone of the rule's clock, hours and days, and of its calendar limits; that of the defaults unless given"),
        new("let", "Names for values, used in when, limits and steps: NAME: expression"),
        new("when", "The condition: an expression, a list (all must hold), or all:, any: and none:"),
        new("group", "Of the rules with one group, the first in file order whose condition holds takes the event"),
        new("overlap", "What happens while an earlier run is unfinished: parallel, skip, queue or restart, each also per user, note or thread"),
        new("limit", "How often the rule acts: 1 per user per day, 10 per hour, once per user; or a list of limits"),
        new("after", "How long the whole run waits first: 5m, or by chance within 1m..5m; the condition is asked again then"),
        new("late", "An event older than this is not acted on; 1h unless given where the rule answers somebody, else 24h"),
        new("do", "The steps when the condition holds"),
        new("else", "The steps when the condition does not hold"),
        new("on-error", "The steps when the run fails; error.message, error.step and error.code say why"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfCondition =
    [
        new("all", "All of these must hold"),
        new("any", "At least one of these must hold"),
        new("none", "None of these may hold"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfLimit =
    [
        new("max", "How many times"),
        new("per", "For each of what it counts: user, host, note, thread, account or (expression)"),
        new("within", "In what time: a duration that slides, or hour, day, week, month by the calendar"),
        new("over", "What happens beyond it: skip, delay, or steps"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfCron =
    [
        new("cron", "When it rings, as Unix cron writes it: minute hour day month weekday"),
        new("timezone", "The time zone, such as Asia/Tokyo"),
        new("missed", "Whether a time that passed while the engine was off is made up for: skip or once"),
    ];

    /// <summary>Options that every step of the table takes.</summary>
    public static readonly IReadOnlyList<KeyRow> OfEveryStep =
    [
        new("as", "A name under which later steps see the step's answer"),
        new("delivery", "What is done when nobody knows whether a request arrived"),
        new("continue-on-error", "Whether the run goes on when this step fails"),
        new("allow-private", "Whether text of notes that are not public may leave through this step"),
    ];

    private static readonly KeyRow GoesOn = OfEveryStep.Single(row => row.Name == "continue-on-error");

    public static readonly IReadOnlyList<FlowRow> OfFlow =
    [
        new("if", "Takes one way or the other", new("then", "The steps when it holds"), new("else", "The steps when it does not hold"), GoesOn),
        new("for-each", "Takes steps for each entry of a list: NAME in LIST, at most 100", new("do", "The steps of each round"), GoesOn),
        new("wait", "Waits: 5m, by chance 1m..5m, or ${…}; restarts of the engine do not matter", GoesOn),
        new("wait-until", "Waits for a time of day such as \"08:00\", or a moment", GoesOn),
        new("wait-for", "Waits for the same person's next reply to a note of this run",
            new("within", "How long it waits"), new("else", "The steps when no reply came"), new("as", "A name for the reply: NAME.note and NAME.user")),
        new("set", "Keeps values for later runs: state('KEY') reads them",
            new("per", "What they are kept for: each user, note, thread or host; the account's own unless given"),
            new("expires", "After what time they are forgotten; never unless given"), GoesOn),
        new("stop", "Ends the run"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfPoll =
    [
        new("choices", "2 to 10 texts to choose from, or ${…} with a list"),
        new("multiple", "Whether one may choose several"),
        new("expires", "How long one may vote"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfDefaults =
    [
        new("timezone", "The time zone of the clock, of hour() and its like, and of calendar limits"),
        new("visibility", "Who sees notes that answer nothing, unless the step says so"),
        new("budget", "How much one account does at most: 60 per 1h; beyond it, runs wait"),
        new("replies", "How many answers one person gets over all rules"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfReplies =
    [
        new("per-user", "Answers to one person: 5 per 10m"),
        new("per-thread", "Answers to one person in one thread: 3 per 10m"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfTest =
    [
        new("name", "What the test shows"),
        new("given", "What happens: an event, or a list of events with pass: DURATION between"),
        new("expect", "For each rule that is looked at: a list of steps, { skipped: GATE }, or nothing"),
        new("at", "When the test begins: \"2026-05-01T08:00:00+09:00\""),
        new("state", "What is kept under each key when the test begins"),
        new("lookups", "Answers of look-ups by endpoint, and of other servers by address"),
        new("random", "What all dice show, from 0 to 1"),
    ];

    public static readonly IReadOnlyList<KeyRow> OfGiven =
    [
        new("pass", "Time passes: a duration"),
        new("cron", "The clock starts this rule"),
        new("file", "A recorded webhook: its path, from this file"),
    ];

    /// <summary>The names of rows, in their order.</summary>
    public static string[] Names(this IReadOnlyList<KeyRow> rows) => [.. rows.Select(row => row.Name)];

    /// <summary>The names of what may stand beside a step that steers.</summary>
    public static string[] OptionsOf(string flow) => OfFlow.Single(row => row.Name == flow).Options.Names();
}

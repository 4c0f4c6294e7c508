namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>
/// Findings about what rule files say: their structure (<c>MKA11xx</c>), steps (<c>MKA13xx</c>), and durations, limits, defaults and
/// lists (<c>MKA14xx</c>).
/// </summary>
public static class RuleDiagnostics
{
    /// <summary>A key that this mapping does not know.</summary>
    public static readonly DiagnosticDescriptor UnknownKey = new("MKA1101", Severity.Error, "{0} has no key '{1}'");

    /// <summary>A key that must be there is not.</summary>
    public static readonly DiagnosticDescriptor MissingKey = new("MKA1103", Severity.Error, "{0} needs '{1}'");

    /// <summary>A mapping where a text belongs, or the like.</summary>
    public static readonly DiagnosticDescriptor WrongKind = new("MKA1104", Severity.Error, "'{0}' takes {1}, not {2}");

    /// <summary>A key without a value.</summary>
    public static readonly DiagnosticDescriptor Empty = new("MKA1105", Severity.Error, "'{0}' has no value");

    /// <summary>A name that cannot be one.</summary>
    public static readonly DiagnosticDescriptor InvalidName = new("MKA1106", Severity.Error, "'{0}' cannot be the name of {1}");

    /// <summary>Two rules of one name.</summary>
    public static readonly DiagnosticDescriptor DuplicateRule = new("MKA1107", Severity.Error, "there is a rule named '{0}' already");

    /// <summary>No event has this name.</summary>
    public static readonly DiagnosticDescriptor UnknownTrigger = new("MKA1108", Severity.Error, "there is no trigger '{0}'");

    /// <summary>The same thing twice in a list; it is counted once.</summary>
    public static readonly DiagnosticDescriptor ListedTwice = new("MKA1109", Severity.Warning, "'{0}' is listed twice");

    /// <summary>A word that is none of those allowed.</summary>
    public static readonly DiagnosticDescriptor InvalidWord = new("MKA1110", Severity.Error, "'{0}' takes {1}, not '{2}'");

    /// <summary>Brackets around a condition make a list of one.</summary>
    public static readonly DiagnosticDescriptor ListOfOne = new("MKA1111", Severity.Warning, "YAML reads the brackets as a list of one condition");

    /// <summary>A file whose root is no mapping.</summary>
    public static readonly DiagnosticDescriptor NotARuleFile = new("MKA1112", Severity.Error, "a rule file has the keys rules, tests, lists and defaults, but this is {0}");

    /// <summary>A group of one rule: a misspelt name makes one, and then two rules run where one was meant to.</summary>
    public static readonly DiagnosticDescriptor LonelyGroup = new("MKA1113", Severity.Warning, "no other rule is in group '{0}'");

    /// <summary>No step has this name.</summary>
    public static readonly DiagnosticDescriptor UnknownStep = new("MKA1301", Severity.Error, "there is no step '{0}'");

    /// <summary>Two steps under one dash.</summary>
    public static readonly DiagnosticDescriptor SeveralSteps = new("MKA1302", Severity.Error, "'{0}' and '{1}' are two steps under one dash");

    /// <summary>Options without a step.</summary>
    public static readonly DiagnosticDescriptor NoStep = new("MKA1303", Severity.Error, "no step stands here, only options");

    /// <summary>The step has no such option.</summary>
    public static readonly DiagnosticDescriptor UnknownOption = new("MKA1304", Severity.Error, "'{0}' has no option '{1}'");

    /// <summary>The step answers a note, but the event brings none.</summary>
    public static readonly DiagnosticDescriptor NeedsNote = new("MKA1305", Severity.Error, "'{0}' needs a note, but event '{1}' brings none");

    /// <summary>A variable that one of the rule's events lacks.</summary>
    public static readonly DiagnosticDescriptor NeedsVariable = new("MKA1306", Severity.Error, "'{0}' takes '{1}', but event '{2}' brings none");

    /// <summary>The expression gives something else than the step takes.</summary>
    public static readonly DiagnosticDescriptor WrongType = new("MKA1307", Severity.Error, "'{0}' takes {1}, but '{2}' is {3}");

    /// <summary>A reaction with colons.</summary>
    public static readonly DiagnosticDescriptor ColonsAroundReaction = new("MKA1308", Severity.Error, "a reaction is written without colons");

    /// <summary>Neither the name of a custom emoji nor an emoji.</summary>
    public static readonly DiagnosticDescriptor InvalidReaction = new("MKA1309", Severity.Error, "'{0}' is neither the name of a custom emoji nor an emoji");

    /// <summary>Not the shape of an endpoint's name.</summary>
    public static readonly DiagnosticDescriptor InvalidEndpoint = new("MKA1310", Severity.Error, "'{0}' is no endpoint of Misskey");

    /// <summary>A hole where the value must be known when the rule loads.</summary>
    public static readonly DiagnosticDescriptor NoHoles = new("MKA1311", Severity.Error, "'{0}' takes a fixed value without ${{…}}");

    /// <summary>A name for an answer that is taken.</summary>
    public static readonly DiagnosticDescriptor NameTaken = new("MKA1312", Severity.Error, "'{0}' is the name of something else already");

    /// <summary>The step has no answer to keep.</summary>
    public static readonly DiagnosticDescriptor GivesNothing = new("MKA1313", Severity.Error, "'{0}' has no answer that 'as' could keep");

    /// <summary>Steps that stand behind the end.</summary>
    public static readonly DiagnosticDescriptor NeverReached = new("MKA1314", Severity.Warning, "never reached: 'stop' ends the run before");

    /// <summary>Not the shape of a person's address.</summary>
    public static readonly DiagnosticDescriptor InvalidAddress = new("MKA1315", Severity.Error, "'{0}' is no address such as @name or @name@host");

    /// <summary>An endpoint that Misskey's catalogue does not hold: forks have a few more, so it is no error.</summary>
    public static readonly DiagnosticDescriptor UnknownEndpoint = new("MKA1316", Severity.Warning, "Misskey's catalogue has no endpoint '{0}'");

    /// <summary>Not the head of a loop.</summary>
    public static readonly DiagnosticDescriptor InvalidLoop = new("MKA1321", Severity.Error, "'for-each' takes NAME in LIST, not '{0}'");

    /// <summary>A wait for a reply before anything was posted that could be replied to.</summary>
    public static readonly DiagnosticDescriptor NothingToReplyTo = new("MKA1322", Severity.Error, "no step before 'wait-for' posts a note, so no reply can come");

    /// <summary>Not a time of day or a moment.</summary>
    public static readonly DiagnosticDescriptor InvalidTime = new("MKA1323", Severity.Error, "'{0}' is no time");

    /// <summary>The step is about the event's user, but the event brings none.</summary>
    public static readonly DiagnosticDescriptor NeedsUser = new("MKA1331", Severity.Error, "'{0}' needs a user, but event '{1}' brings none");

    /// <summary>An option without which the step cannot be taken.</summary>
    public static readonly DiagnosticDescriptor MissingOption = new("MKA1332", Severity.Error, "'{0}' needs the option '{1}'");

    /// <summary>A promise that this step cannot keep.</summary>
    public static readonly DiagnosticDescriptor InvalidDelivery = new("MKA1333", Severity.Error, "'{0}' cannot be delivered {1}");

    /// <summary>A poll that Misskey would refuse.</summary>
    public static readonly DiagnosticDescriptor InvalidPoll = new("MKA1334", Severity.Error, "a poll has 2 to 10 different choices of at most 50 characters, but {0}");

    /// <summary>Not an address that can be called.</summary>
    public static readonly DiagnosticDescriptor InvalidUrl = new("MKA1351", Severity.Error, "this address cannot be called: {0}");

    /// <summary>A hole where the host is decided.</summary>
    public static readonly DiagnosticDescriptor HostNotLiteral = new("MKA1352", Severity.Error, "'${{…}}' could change whom this address calls");

    /// <summary>A secret that would go wherever another secret says.</summary>
    public static readonly DiagnosticDescriptor SecretToAnywhere = new("MKA1353", Severity.Error, "a secret in '{0}' goes only to a host that is written out");

    /// <summary>A header that cannot be sent.</summary>
    public static readonly DiagnosticDescriptor InvalidHeader = new("MKA1354", Severity.Error, "'{0}' cannot be a header here: {1}");

    /// <summary>A body where the method has none.</summary>
    public static readonly DiagnosticDescriptor NoBody = new("MKA1355", Severity.Error, "a {0} request has no body");

    /// <summary>A number without a unit.</summary>
    public static readonly DiagnosticDescriptor NoUnit = new("MKA1401", Severity.Error, "'{0}' has no unit");

    /// <summary>Not a duration.</summary>
    public static readonly DiagnosticDescriptor InvalidDuration = new("MKA1402", Severity.Error, "'{0}' is no duration");

    /// <summary>A range whose end lies before its start.</summary>
    public static readonly DiagnosticDescriptor ReversedRange = new("MKA1403", Severity.Error, "the range '{0}' ends before it begins");

    /// <summary>Longer than a rule can wait.</summary>
    public static readonly DiagnosticDescriptor DurationTooLong = new("MKA1404", Severity.Error, "'{0}' is longer than {1} days");

    /// <summary>A span of no length where one is needed.</summary>
    public static readonly DiagnosticDescriptor DurationIsZero = new("MKA1405", Severity.Error, "'{0}' must be longer than nothing");

    /// <summary>Not a limit.</summary>
    public static readonly DiagnosticDescriptor InvalidLimit = new("MKA1411", Severity.Error, "'{0}' is no limit");

    /// <summary>A limit that does not say within how long.</summary>
    public static readonly DiagnosticDescriptor LimitWithoutPeriod = new("MKA1412", Severity.Error, "the limit '{0}' has no period");

    /// <summary>Nothing of this name can be counted apart.</summary>
    public static readonly DiagnosticDescriptor UnknownLimitKey = new("MKA1413", Severity.Error, "a limit cannot count per '{0}'");

    /// <summary>The events lack what the limit counts apart.</summary>
    public static readonly DiagnosticDescriptor LimitKeyMissing = new("MKA1414", Severity.Error, "the limit counts per {0}, but event '{1}' brings no {2}");

    /// <summary>A number of times that makes no sense.</summary>
    public static readonly DiagnosticDescriptor InvalidCount = new("MKA1415", Severity.Error, "'{0}' is no number of times from 1 to {1}");

    /// <summary>The events lack what runs are kept apart by.</summary>
    public static readonly DiagnosticDescriptor OverlapKeyMissing = new("MKA1416", Severity.Error, "'overlap' tells runs apart by {0}, but event '{1}' brings no {2}");

    /// <summary>Not a budget.</summary>
    public static readonly DiagnosticDescriptor InvalidBudget = new("MKA1421", Severity.Error, "'{0}' is no budget");

    /// <summary>No time zone has this name.</summary>
    public static readonly DiagnosticDescriptor UnknownTimeZone = new("MKA1422", Severity.Error, "there is no time zone '{0}'");

    /// <summary>A default of the whole set is set twice.</summary>
    public static readonly DiagnosticDescriptor DefaultSetTwice = new("MKA1423", Severity.Error, "'{0}' is set for the whole set already");

    /// <summary>Two lists of one name.</summary>
    public static readonly DiagnosticDescriptor DuplicateList = new("MKA1431", Severity.Error, "there is a list named '{0}' already");

    /// <summary>The file of a list cannot be read.</summary>
    public static readonly DiagnosticDescriptor UnreadableList = new("MKA1432", Severity.Error, "the list file '{0}' cannot be read");

    /// <summary>The file of a list holds more than is read.</summary>
    public static readonly DiagnosticDescriptor ListTooLarge = new("MKA1433", Severity.Error, "the list file '{0}' has more than {1} characters");

    /// <summary>An option that became the last line of a text.</summary>
    public static readonly DiagnosticDescriptor OptionInText = new("MKA1335", Severity.Warning, "'{0}' is the last line of the text here, not an option");

    /// <summary>A file without any content.</summary>
    public static readonly DiagnosticDescriptor EmptyFile = new("MKA1114", Severity.Warning, "the file holds no rules");

    /// <summary>A rule of a group behind one that takes every event.</summary>
    public static readonly DiagnosticDescriptor NeverItsTurn = new("MKA1115", Severity.Warning, "'{0}' never runs: '{1}' of the same group '{2}' has no condition either, and takes every event first");

    /// <summary>An endpoint whose name is nearly that of one in the catalogue.</summary>
    public static readonly DiagnosticDescriptor MisspeltEndpoint = new("MKA1317", Severity.Error, "Misskey has no endpoint '{0}'");

    /// <summary>All rows, for the documentation and its tests.</summary>
    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
    [
        UnknownKey, MissingKey, WrongKind, Empty, InvalidName, DuplicateRule, UnknownTrigger, ListedTwice, InvalidWord, ListOfOne,
        NotARuleFile, LonelyGroup, EmptyFile, NeverItsTurn, UnknownStep, SeveralSteps, NoStep, UnknownOption, NeedsNote, NeedsVariable, WrongType, ColonsAroundReaction,
        InvalidReaction, InvalidEndpoint, NoHoles, NameTaken, GivesNothing, NeverReached, InvalidAddress, UnknownEndpoint, MisspeltEndpoint, InvalidLoop,
        NothingToReplyTo, InvalidTime, NeedsUser, MissingOption, InvalidDelivery, InvalidPoll, OptionInText, InvalidUrl, HostNotLiteral, SecretToAnywhere,
        InvalidHeader, NoBody, NoUnit, InvalidDuration,
        ReversedRange, DurationTooLong, DurationIsZero, InvalidLimit, LimitWithoutPeriod, UnknownLimitKey, LimitKeyMissing, InvalidCount, OverlapKeyMissing,
        InvalidBudget, UnknownTimeZone, DefaultSetTwice, DuplicateList, UnreadableList, ListTooLarge,
    ];
}

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Findings about what starts a rule (<c>MKA115x</c>).</summary>
public static class TriggerDiagnostics
{
    /// <summary>Not five fields.</summary>
    public static readonly DiagnosticDescriptor InvalidCron = new("MKA1151", Severity.Error, "'{0}' is no cron expression: it takes 5 fields, not {1}");

    /// <summary>A field that cannot be read.</summary>
    public static readonly DiagnosticDescriptor InvalidCronField = new("MKA1152", Severity.Error, "'{0}' cannot stand for the {1} of a cron expression");

    /// <summary>A day that no calendar has.</summary>
    public static readonly DiagnosticDescriptor CronNeverRings = new("MKA1153", Severity.Error, "'{0}' never comes");

    /// <summary>It is not clear for which account the clock or an administrator's webhook starts the rule.</summary>
    public static readonly DiagnosticDescriptor AccountMissing = new("MKA1155", Severity.Error, "a rule on '{0}' must say for which account it is: there are {1}");

    /// <summary>The note of a reaction is the account's own.</summary>
    public static readonly DiagnosticDescriptor AnswersOwnNote = new("MKA1156", Severity.Warning, "the note of a reaction is my own: '{0}' lands under it");

    /// <summary>A tag with its sign.</summary>
    public static readonly DiagnosticDescriptor TagWithSign = new("MKA1157", Severity.Error, "a tag is written without '#'");

    /// <summary>All rows, for the documentation and its tests.</summary>
    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
        [InvalidCron, InvalidCronField, CronNeverRings, AccountMissing, AnswersOwnNote, TagWithSign];
}

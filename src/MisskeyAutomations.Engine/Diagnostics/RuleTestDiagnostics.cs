namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Findings about the tests in rule files (<c>MKA15xx</c>).</summary>
public static class RuleTestDiagnostics
{
    /// <summary>A key that a test does not know.</summary>
    public static readonly DiagnosticDescriptor UnknownKey = new("MKA1501", Severity.Error, "{0} has no key '{1}'");

    /// <summary>A key that must be there is not.</summary>
    public static readonly DiagnosticDescriptor MissingKey = new("MKA1503", Severity.Error, "a test needs '{0}'");

    /// <summary>A value of the wrong kind.</summary>
    public static readonly DiagnosticDescriptor WrongKind = new("MKA1504", Severity.Error, "'{0}' takes {1}");

    /// <summary>No event type has this name.</summary>
    public static readonly DiagnosticDescriptor UnknownEvent = new("MKA1505", Severity.Error, "there is no event '{0}' that a test could give");

    /// <summary>No rule has this name.</summary>
    public static readonly DiagnosticDescriptor UnknownRule = new("MKA1506", Severity.Error, "there is no rule '{0}'");

    /// <summary>No gate has this name.</summary>
    public static readonly DiagnosticDescriptor UnknownGate = new("MKA1507", Severity.Error, "there is no gate '{0}'");

    /// <summary>No step has this name.</summary>
    public static readonly DiagnosticDescriptor UnknownStep = new("MKA1508", Severity.Error, "an expected step names one step of the table, and '{0}' is none");

    /// <summary>Not a duration or time.</summary>
    public static readonly DiagnosticDescriptor InvalidTime = new("MKA1509", Severity.Error, "'{0}' is no {1}");

    /// <summary>A regular expression that cannot be used.</summary>
    public static readonly DiagnosticDescriptor InvalidPattern = new("MKA1510", Severity.Error, "the pattern '{0}' cannot be used: {1}");

    /// <summary>A recorded payload that cannot be used.</summary>
    public static readonly DiagnosticDescriptor UnreadableFile = new("MKA1521", Severity.Error, "the file '{0}' cannot be given: {1}");

    /// <summary>The clock is given for a rule that it does not start.</summary>
    public static readonly DiagnosticDescriptor NotOfClock = new("MKA1522", Severity.Error, "the clock does not start rule '{0}'");
}

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>
/// The table of findings about calls of Misskey's API. What no server takes is an error; what another version or a fork may well take
/// is a warning.
/// </summary>
public static class EndpointDiagnostics
{
    /// <summary>An endpoint that is not for rules.</summary>
    public static readonly DiagnosticDescriptor ClosedEndpoint = new("MKA1340", Severity.Error, "no rule can call '{0}': {1}");

    /// <summary>An endpoint that the configuration must open.</summary>
    public static readonly DiagnosticDescriptor NeedsAdmin = new("MKA1341", Severity.Warning, "'{0}' needs allow-admin: true in the configuration");

    /// <summary>A parameter that the catalogue does not hold: the server would ignore it without a word.</summary>
    public static readonly DiagnosticDescriptor UnknownParameter = new("MKA1342", Severity.Warning, "'{0}' has no parameter '{1}'");

    /// <summary>A call that every server refuses.</summary>
    public static readonly DiagnosticDescriptor MissingParameter = new("MKA1343", Severity.Error, "'{0}' needs {1}");

    /// <summary>A value of another kind.</summary>
    public static readonly DiagnosticDescriptor WrongParameterType = new("MKA1344", Severity.Error, "'{0}' takes {1}, not {2}");

    /// <summary>A word that is none of the known ones.</summary>
    public static readonly DiagnosticDescriptor UnknownParameterWord = new("MKA1345", Severity.Warning, "'{0}' takes {1}, not '{2}'");

    /// <summary>A number, a text or a list beyond its limits.</summary>
    public static readonly DiagnosticDescriptor OutOfRange = new("MKA1346", Severity.Warning, "'{0}' takes {1}, not {2}");

    /// <summary>A parameter that is not for rules.</summary>
    public static readonly DiagnosticDescriptor ForbiddenParameter = new("MKA1347", Severity.Error, "a rule cannot give '{0}': {1}");

    /// <summary>All rows, for the documentation and its tests.</summary>
    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
    [
        ClosedEndpoint, NeedsAdmin, UnknownParameter, MissingParameter, WrongParameterType, UnknownParameterWord, OutOfRange, ForbiddenParameter,
    ];
}

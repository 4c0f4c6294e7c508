namespace MisskeyAutomations.Engine.Runs;

/// <summary>A run that is to be made, with the places it needs in its rule's limits.</summary>
/// <param name="Run">The run as it is to be stored: deciding, waiting or ready.</param>
/// <param name="RuleText">The resolved text of its rule's version.</param>
/// <param name="Claims">The places; the run is made only when every one is granted.</param>
public sealed record PlannedRun(Run Run, string RuleText, IReadOnlyList<LimitClaim> Claims);

using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Explanations;

/// <summary>One line of an explanation.</summary>
/// <param name="Depth">How far it stands in: 0 for headings, 1 for what stands under them, more for what stands under that.</param>
/// <param name="Text">The line, in any language.</param>
public sealed record ExplainedLine(int Depth, Phrase Text);

/// <summary>What is known of endpoints beside the rules: whoever speaks to Misskey knows it.</summary>
/// <param name="PermissionOf">The permission that an endpoint needs; null for none.</param>
/// <param name="BudgetOf">The budget that a call of an endpoint by <c>api</c> draws on; null for none.</param>
public sealed record EndpointFacts(Func<string, string?> PermissionOf, Func<string, string?> BudgetOf);

namespace MisskeyAutomations.Sandbox.Chaos;

/// <summary>One request that a <see cref="ChaosProxy"/> took.</summary>
/// <param name="Number">The how manyth it was, from 0.</param>
/// <param name="Path">Such as <c>/api/notes/create</c>.</param>
/// <param name="Trouble">What it met; null when it was spared.</param>
public sealed record ChaosExchange(int Number, string Path, Trouble? Trouble);

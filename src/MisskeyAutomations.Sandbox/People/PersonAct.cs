using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.People;

/// <summary>Something a simulated person did, for people to read.</summary>
/// <param name="What">In words, such as <c>followed @alice</c>.</param>
/// <param name="Text">What was written; null when nothing was.</param>
/// <param name="RefusedWith">Misskey's error code when the act was refused, as after a block; null when it happened.</param>
public sealed record PersonAct(DateTimeOffset Time, Account Who, string What, string? Text, string? RefusedWith);

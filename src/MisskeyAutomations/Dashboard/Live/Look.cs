using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.Live;

/// <summary>What somebody looks at, and how: for all who look at the same, in the same way, it is drawn once.</summary>
/// <param name="At">What.</param>
/// <param name="Language">What they read.</param>
/// <param name="Zone">Where they are, by the clock.</param>
internal sealed record Look(Subject At, Translation Language, TimeZoneInfo Zone);

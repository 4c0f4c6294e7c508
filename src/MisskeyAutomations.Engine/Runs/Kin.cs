namespace MisskeyAutomations.Engine.Runs;

/// <summary>Who else may have made a note that is looked for: two rules may post equal notes on purpose, and each owns one.</summary>
/// <param name="Makers">The steps that own notes, by the note's id.</param>
/// <param name="OnTheirWay">The account's other steps whose posts are intended or uncertain.</param>
public sealed record Kin(IReadOnlyDictionary<string, Maker> Makers, IReadOnlyList<Step> OnTheirWay);

/// <summary>A step that owns a note.</summary>
/// <param name="At">Since when.</param>
/// <param name="WasAnswered">Whether Misskey itself answered with it; false where it was found: then the step's own request may still come.</param>
public sealed record Maker(DateTimeOffset At, bool WasAnswered);

namespace MisskeyAutomations.Storage;

/// <summary>How long the store keeps what came and what was done about it. What an unfinished run needs is kept in any case.</summary>
internal sealed record RetentionOptions
{
    /// <summary>
    /// The shortest that <see cref="Records"/> may be. Events are known again by their records: Misskey repeats for a quarter of an hour, and what
    /// is up to a day old is acted on.
    /// </summary>
    public static readonly TimeSpan ShortestRecords = TimeSpan.FromDays(7);

    /// <summary>How long the requests are kept as they came, with what people wrote. Default: 7 days.</summary>
    public TimeSpan Bodies { get; init; } = TimeSpan.FromDays(7);

    /// <summary>The same for direct notes; 0: until nobody works on the event any more. Default: as <see cref="Bodies"/>.</summary>
    public TimeSpan? PrivateBodies { get; init; }

    /// <summary>How long it is kept that an event came, what gates said, and the runs and steps. Default: 30 days.</summary>
    public TimeSpan Records { get; init; } = TimeSpan.FromDays(30);
}

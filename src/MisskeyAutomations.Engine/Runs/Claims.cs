using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>A run's claim to one place in a rule's limit. Claims with one key take one place together.</summary>
/// <param name="Key">What is counted apart, unique per rule and account: <c>user:9abc</c>.</param>
/// <param name="Max">How many places there are.</param>
/// <param name="Since">Places taken at or after this moment count.</param>
/// <param name="Text">The limit as written, for the verdict.</param>
public sealed record LimitClaim(string Key, int Max, DateTimeOffset Since, string Text)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    /// <summary>What becomes of the run when there is no place.</summary>
    public LimitOver Over { get; init; } = LimitOver.Skip;

    /// <summary>The branch that the run takes then, for <see cref="LimitOver.Steps"/>.</summary>
    public string Branch { get; init; } = "over";

    /// <summary>The span in which places count; with it a full limit knows when there is a place again.</summary>
    public LimitPeriod Period { get; init; } = new LimitPeriod.Ever();

    /// <summary>The zone of calendar periods.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>When there is a place behind all that were taken or promised.</summary>
    /// <param name="now">The time.</param>
    /// <param name="latest">The moment of the place so many places back, 1 being the latest; null when there are not so many.</param>
    /// <param name="countSince">How many places were taken or promised at or after a moment.</param>
    public DateTimeOffset FreeAt(DateTimeOffset now, Func<int, DateTimeOffset?> latest, Func<DateTimeOffset, int> countSince)
    {
        switch (Period)
        {
            case LimitPeriod.Sliding sliding:
                var free = latest(Max) + sliding.Length + Tick;
                return free > now ? free.Value : now;
            case LimitPeriod.Calendar calendar:
                var last = latest(1) is { } at && at > now ? at : now;
                var start = Periods.StartOf(calendar.Unit, last, Zone);
                return countSince(start) >= Max ? Periods.NextAfter(calendar.Unit, last, Zone) : start > now ? start : now;
            default:
                return DateTimeOffset.MaxValue;
        }
    }
}

/// <summary>What a run must know about others of its rule that are unfinished.</summary>
/// <param name="Mode">What happens when there is one.</param>
/// <param name="Key">Which ones count, unique per rule and account: <c>user:9abc</c>; empty for all.</param>
/// <param name="Text">As written, for the verdict.</param>
public sealed record OverlapClaim(OverlapMode Mode, string Key, string Text);

/// <summary>A step's claim to one token of an account's budget or reply cap, taken together with its intent.</summary>
/// <param name="Bucket">What is counted apart, unique per account: <c>notes</c>, <c>replies:user:9abc</c>.</param>
/// <param name="Max">How many tokens there are.</param>
/// <param name="Within">In which span, sliding.</param>
/// <param name="SkipWhenEmpty">Whether a step without a token is skipped (reply caps); otherwise its run waits (budgets).</param>
public sealed record BudgetClaim(string Bucket, int Max, TimeSpan Within, bool SkipWhenEmpty)
{
    /// <summary>
    /// The breaker that opens when the bucket is found empty, unique per account: <c>9abc</c>; null for none. While it is open no
    /// claim that names it is granted, and each one that asks keeps it open for another <see cref="Within"/>.
    /// </summary>
    public string? Breaker { get; init; }

    /// <summary>When the step will not be wanted any more, because its event is too old; null where it is wanted however late.</summary>
    public DateTimeOffset? UselessAt { get; init; }
}

/// <summary>The store's answer to budget claims.</summary>
/// <param name="EmptyBucket">The first bucket without a token; null when the intent is on disk with all its tokens.</param>
/// <param name="FreeAt">When to ask again: when that bucket has a token for whoever asked, or the step is useless; meaningful only with <paramref name="EmptyBucket"/>.</param>
public sealed record BudgetAnswer(BudgetClaim? EmptyBucket, DateTimeOffset FreeAt)
{
    /// <summary>Why the run must stop instead: a newer one took its place. Null when it may go on; the intent was not written otherwise.</summary>
    public string? Stopped { get; init; }

    /// <summary>Whether the claim's breaker opened just now: told once, however long it stays open.</summary>
    public bool OpenedBreaker { get; init; }

    /// <summary>The intent is on disk.</summary>
    public static readonly BudgetAnswer Granted = new(null, default);
}

namespace MisskeyAutomations.Engine.Runs;

/// <summary>A run's claim to one place in a rule's limit. Claims with one key take one place together.</summary>
/// <param name="Key">What is counted apart, unique per rule: <c>user:9abc</c>.</param>
/// <param name="Max">How many places there are.</param>
/// <param name="Since">Places taken at or after this moment count.</param>
/// <param name="Text">The limit as written, for the verdict.</param>
public sealed record LimitClaim(string Key, int Max, DateTimeOffset Since, string Text);

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
}

/// <summary>The store's answer to budget claims.</summary>
/// <param name="EmptyBucket">The first bucket without a token; null when the intent is on disk with all its tokens.</param>
/// <param name="FreeAt">When that bucket has a token again; meaningful only with <paramref name="EmptyBucket"/>.</param>
public sealed record BudgetAnswer(BudgetClaim? EmptyBucket, DateTimeOffset FreeAt)
{
    /// <summary>Whether the claim's breaker opened just now: told once, however long it stays open.</summary>
    public bool OpenedBreaker { get; init; }

    /// <summary>The intent is on disk.</summary>
    public static readonly BudgetAnswer Granted = new(null, default);
}

using System.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>
/// What runs have looked up: the question and whether it was answered, not the answer, which may be a person's whole profile. It is written beside the run,
/// which does not wait for it; what a run asked just before the process died may be missing.
/// </summary>
internal sealed partial class StoredLookups(Store store, ILogger<StoredLookups> logger) : ILookupJournal
{
    // A loop over a thousand users asks about each of them.
    private const int MostOfRun = 1_000;

    /// <inheritdoc/>
    public void Tell(long runId, Lookup lookup, LookupAnswer answer) => _ = KeepAsync(runId, lookup, answer);

    /// <summary>Those of a run, in the order in which it asked.</summary>
    public static IReadOnlyList<RecordedLookup> Of(StoreReader connection, long run)
    {
        const string Sql = "select kind, subject, outcome, reason, at from lookups where run = @run order by number";
        return [.. connection.Query<(long Kind, string Subject, long Outcome, string? Reason, long At)>(Sql, new { run }).Select(row => StoredValue.Read($"a look-up of run {run}", () => new RecordedLookup(
            new(StoredValue.Known((LookupKind)row.Kind), row.Subject), StoredValue.Known((LookupOutcome)row.Outcome), row.Reason, DateTimeOffset.FromUnixTimeMilliseconds(row.At))))];
    }

    /// <summary>Keeps one.</summary>
    public async Task KeepAsync(long runId, Lookup lookup, LookupAnswer answer)
    {
        const string Next = "select coalesce(max(number), 0) + 1 from lookups where run = ?";
        const string Add = "insert into lookups (run, number, kind, subject, outcome, reason, at) values (?, ?, ?, ?, ?, ?, ?)";
        var (outcome, reason) = answer switch
        {
            LookupAnswer.Found => (LookupOutcome.Found, null),
            LookupAnswer.Refused refused => (LookupOutcome.Refused, refused.Reason),
            LookupAnswer.Failed failed => (LookupOutcome.Failed, failed.Reason),
            LookupAnswer.Paused paused => (LookupOutcome.Failed, paused.Reason),
            _ => throw new UnreachableException(),
        };
        var at = store.Time.GetUtcNow();
        try
        {
            await store.Writer.RunAsync(
                db =>
                {
                    if (db.Sql(Next).Bind(runId).Number() is { } number and <= MostOfRun)
                    {
                        db.Sql(Add).Bind(runId).Bind(number).Bind((long)lookup.Kind).Bind(lookup.Key).Bind((long)outcome).Bind(reason).Bind(at).Run();
                    }
                },
                CancellationToken.None);
        }
        catch (Exception trouble)
        {
            LogNotKept(trouble, lookup.Kind, runId);
        }
    }

    [LoggerMessage(1230, LogLevel.Debug, "That run {RunId} asked for {Kind} could not be kept; the run goes on")]
    private partial void LogNotKept(Exception trouble, LookupKind kind, long runId);
}

/// <summary>Something that a run has looked up.</summary>
/// <param name="Lookup">What it asked.</param>
/// <param name="Outcome">Whether it was answered.</param>
/// <param name="Reason">Why not; null where it was.</param>
/// <param name="At">When.</param>
internal sealed record RecordedLookup(Lookup Lookup, LookupOutcome Outcome, string? Reason, DateTimeOffset At);

/// <summary>Whether a look-up was answered.</summary>
internal enum LookupOutcome
{
    /// <summary>It was.</summary>
    Found = 1,

    /// <summary>There is no such thing, or the account may not see it: its fields are null.</summary>
    Refused = 2,

    /// <summary>Not then: it is asked again later.</summary>
    Failed = 3,
}

using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Ends the deciding of a delivery: subject, limits, runs, verdicts and state in one operation.</summary>
internal static class Decisions
{
    public static Decided Complete(WriterConnection db, Decision decision, long lease, DateTimeOffset now)
    {
        const string Find = "select hook, source, received_at from deliveries where id = ? and state = 0";
        var origin = db.Sql(Find).Bind(decision.DeliveryId).First(static row => new Origin(row.Long(0), row.Long(1)) { ReceivedAt = row.Time(2) });
        if (origin is null)
        {
            return new Decided(AlreadyDecided: true, [], []);
        }

        if (decision.Subject is { } subject && !Subjects.Claim(db, decision, subject, origin, out var first))
        {
            SaveDelivery(db, decision, [], Decision.Repeats(first));
            return new Decided(AlreadyDecided: true, [], []);
        }

        if (decision.Subject is not null)
        {
            db.Tally.CountEvent(decision.Account, origin.ReceivedAt);
        }

        var verdicts = decision.Verdicts.ToList();
        if (decision.HeardBy is { } listener)
        {
            // The subject is claimed already: the exception takes that back.
            var woken = HeardReplies.Add(db, listener, decision.DeliveryId, lease, now) ?? throw new ListenerGoneException(listener);
            SaveDelivery(db, decision, verdicts, decision.Note);
            return new Decided(AlreadyDecided: false, verdicts, woken);
        }

        var (runs, rings) = PlannedRuns.Make(db, decision.Runs, verdicts, decision.LeavesRunsFree ? null : lease, now);
        SaveDelivery(db, decision, verdicts, decision.Note);
        return new Decided(AlreadyDecided: false, verdicts, runs) { Rings = rings };
    }

    /// <summary>Puts verdicts that came later in place of those that a decided delivery has.</summary>
    public static void ReplaceVerdicts(WriterConnection db, long deliveryId, IReadOnlyList<Verdict> later)
    {
        var stored = db.Sql("select verdicts from deliveries where id = ?").Bind(deliveryId).First(static row => row.BlobOrNull(0));
        var verdicts = VerdictBlob.Read(stored).ToList();
        foreach (var verdict in later)
        {
            verdicts.Put(verdict);
        }

        db.Sql("update deliveries set verdicts = ? where id = ?").BindBlob(VerdictBlob.Write(verdicts)).Bind(deliveryId).Run();
    }

    private static void SaveDelivery(WriterConnection db, Decision decision, List<Verdict> verdicts, string? note)
    {
        const string Sql = "update deliveries set state = ?, type = ?, verdicts = ?, note = ? where id = ?";
        db.Sql(Sql).Bind((long)decision.State).Bind(decision.Type)
            .BindBlob(VerdictBlob.Write(verdicts)).Bind(note).Bind(decision.DeliveryId).Run();
        if (decision.IsPrivate)
        {
            db.Sql("insert into private_deliveries (delivery) values (?) on conflict (delivery) do nothing").Bind(decision.DeliveryId).Run();
        }
    }
}

/// <summary>Where a delivery came from.</summary>
internal sealed record Origin(long Hook, long Source)
{
    /// <summary>When it arrived.</summary>
    public DateTimeOffset ReceivedAt { get; init; }
}

using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>Runs in the table: made, claimed, saved.</summary>
internal static class RunRows
{
    // In the order in which Read takes them.
    private const string Columns = """
        id, (select name from accounts where accounts.id = account), delivery, subject,
        (select name from rules join rule_versions v on v.rule = rules.id where v.id = version),
        (select hash from rule_versions v where v.id = version),
        dry_run, state, phase, branch, waits_for, due_at, event_at, created_at, waited, seed, attempts, reason, gate, epoch,
        group_rest, waits_since
        """;

    /// <summary>Makes a planned run: a waiting one is free, any other is running under the lease already, or free and due without one.</summary>
    public static Run Insert(WriterConnection db, Run run, string ruleText, long? lease, DateTimeOffset now)
    {
        var isFree = run.State == RunState.Waiting || lease is null;
        run = run with { State = isFree ? run.State : RunState.Running, Epoch = 1 };

        const string Sql = """
            insert into runs (account, delivery, subject, version, dry_run, state, phase, branch, waits_for, due_at, event_at, created_at,
                waited, seed, attempts, reason, gate, epoch, group_rest, waits_since, lease, wake_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            returning id
            """;
        var (account, version) = (db.Names.Account(run.Account), db.Names.Version(run.RuleName, run.RuleHash, ruleText));
        var id = db.Sql(Sql)
            .Bind(account).Bind(run.DeliveryId).Bind(run.Subject)
            .Bind(version).Bind(run.IsDryRun)
            .Bind((long)run.State).Bind((long)run.Phase).Bind(run.Branch).Bind((long)run.WaitsFor).Bind(run.DueAt)
            .Bind(run.EventAt).Bind(run.CreatedAt).Bind((long)run.Waited.TotalMilliseconds).Bind(unchecked((long)run.Seed))
            .Bind(run.Attempts).Bind(run.Reason).Bind(run.Gate).Bind(run.Epoch)
            .Bind(WriteRest(run)).Bind(run.WaitsSince)
            .Bind(isFree ? null : lease).Bind(!isFree ? now + Leases.Length : run.State == RunState.Waiting ? run.DueAt : now)
            .Number();
        db.Tally.CountMade(run, now);
        return run with { Id = id!.Value };
    }

    /// <summary>The free runs that are due, oldest first.</summary>
    /// <param name="db">The writer's connection.</param>
    /// <param name="now">The time.</param>
    /// <param name="max">How many at most.</param>
    /// <param name="except">Accounts whose runs are left alone.</param>
    public static List<long> FindDue(WriterConnection db, DateTimeOffset now, int max, IReadOnlyCollection<string> except)
    {
        // A list of numbers in a form that both databases compare.
        const string Sql = "select id from runs where wake_at <= ? and ? not like '%,' || account || ',%' order by wake_at, id limit ?";
        return except.Count == 0
            ? db.Sql("select id from runs where wake_at <= ? order by wake_at, id limit ?").Bind(now).Bind(max).All(static row => row.Long(0))
            : db.Sql(Sql).Bind(now).Bind($",{string.Join(',', except.Select(db.Names.Account))},").Bind(max).All(static row => row.Long(0));
    }

    /// <summary>Whether a run is one of these accounts'.</summary>
    public static bool IsOfOneOf(WriterConnection db, long id, IReadOnlyCollection<string> accounts) =>
        db.Sql("select account from runs where id = ?").Bind(id).Number() is { } account && accounts.Any(name => db.Names.Account(name) == account);

    /// <summary>
    /// Claims a run if it is due and free, with its steps; null otherwise. It is running then; what it waited for is kept in it.
    /// </summary>
    public static Run? Claim(WriterConnection db, long id, long lease, DateTimeOffset now)
    {
        const string Sql = $"update runs set state = 3, epoch = epoch + 1, lease = ?, wake_at = ? where id = ? and wake_at <= ? returning {Columns}";
        var run = db.Sql(Sql).Bind(lease).Bind(now + Leases.Length).Bind(id).Bind(now).First(Read);
        return run is null ? null : run with { Steps = StepRows.Load(db, id) };
    }

    /// <summary>A run as it stands, with its steps, without claiming it; null when there is none.</summary>
    public static Run? Load(WriterConnection db, long id)
    {
        const string Sql = $"select {Columns} from runs where id = ?";
        var run = db.Sql(Sql).Bind(id).First(Read);
        return run is null ? null : run with { Steps = StepRows.Load(db, id) };
    }

    /// <summary>Saves a run that is held under this lease.</summary>
    /// <exception cref="LeaseLostException">Somebody else claimed it, or it was given up.</exception>
    public static HeldRun Save(WriterConnection db, Run run, long lease, DateTimeOffset now)
    {
        var isHeld = !run.HasEnded && run.State != RunState.Waiting;
        const string Sql = """
            update runs set state = ?, phase = ?, branch = ?, waits_for = ?, due_at = ?, waited = ?, attempts = ?, reason = ?, gate = ?,
                dry_run = ?, group_rest = ?, waits_since = ?, lease = ?, wake_at = ?
            where id = ? and epoch = ? and lease = ?
            returning stop, overlap
            """;
        var saved = db.Sql(Sql)
            .Bind((long)run.State).Bind((long)run.Phase).Bind(run.Branch).Bind((long)run.WaitsFor).Bind(run.DueAt)
            .Bind((long)run.Waited.TotalMilliseconds).Bind(run.Attempts).Bind(run.Reason).Bind(run.Gate).Bind(run.IsDryRun)
            .Bind(WriteRest(run)).Bind(run.WaitsSince)
            .Bind(isHeld ? lease : null).Bind(isHeld ? now + Leases.Length : run.HasEnded ? null : run.DueAt)
            .Bind(run.Id).Bind(run.Epoch).Bind(lease)
            .First(static row => new HeldRun(row.TextOrNull(0), row.TextOrNull(1)));
        if (saved is null)
        {
            throw new LeaseLostException(run.Id);
        }

        db.Tally.CountEnded(run, now);
        return saved;
    }

    /// <summary>Renews the lease of a run that is held under it.</summary>
    /// <returns>Why it must stop because a newer run took its place; null when it may go on.</returns>
    /// <exception cref="LeaseLostException">Somebody else claimed it, or it was given up.</exception>
    public static string? Renew(WriterConnection db, Run run, long lease, DateTimeOffset now)
    {
        const string Sql = "update runs set wake_at = ? where id = ? and epoch = ? and lease = ? returning stop";
        var renewed = db.Sql(Sql).Bind(now + Leases.Length).Bind(run.Id).Bind(run.Epoch).Bind(lease).First(static row => new HeldRun(row.TextOrNull(0), Turn: null));
        return renewed is null ? throw new LeaseLostException(run.Id) : renewed.Stop;
    }

    /// <summary>Renews the leases of those of these runs that are held under it; the number of them.</summary>
    public static int RenewAll(WriterConnection db, IReadOnlyList<long> ids, long lease, DateTimeOffset now)
    {
        const string Embedded = "update runs set wake_at = ? where id in (select value from json_each('[' || ? || ']')) and lease = ?";
        const string Shared = "update runs set wake_at = ? where id = any(cast('{' || ? || '}' as bigint[])) and lease = ?";
        return db.Sql(db.Database.IsShared ? Shared : Embedded).Bind(now + Leases.Length).Bind(string.Join(',', ids)).Bind(lease).RunAndCount();
    }

    private static Run Read(Statement row) => new()
    {
        Id = row.Long(0),
        Account = row.Text(1),
        DeliveryId = row.Long(2),
        Subject = row.Text(3),
        RuleName = row.Text(4),
        RuleHash = row.Text(5),
        IsDryRun = row.Bool(6),
        State = (RunState)row.Int(7),
        Phase = (RunPhase)row.Int(8),
        Branch = row.Text(9),
        WaitsFor = (WaitReason)row.Int(10),
        DueAt = row.TimeOrNull(11),
        EventAt = row.Time(12),
        CreatedAt = row.Time(13),
        Waited = TimeSpan.FromMilliseconds(row.Long(14)),
        Seed = unchecked((ulong)row.Long(15)),
        Attempts = row.Int(16),
        Reason = row.TextOrNull(17),
        Gate = row.TextOrNull(18),
        Epoch = row.Long(19),
        GroupRest = row.TextOrNull(20)?.Split(' ') ?? [],
        WaitsSince = row.TimeOrNull(21),
    };

    // Names of rules hold no blanks.
    private static string? WriteRest(Run run) => run.GroupRest.Count == 0 ? null : string.Join(' ', run.GroupRest);
}

/// <summary>What others left at a run that is held under a lease.</summary>
/// <param name="Stop">Why it must stop because a newer run took its place; null when it may go on.</param>
/// <param name="Turn">The turn that it has or waits for; null for none.</param>
internal sealed record HeldRun(string? Stop, string? Turn);

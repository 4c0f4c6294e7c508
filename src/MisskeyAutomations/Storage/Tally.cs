using System.Runtime.InteropServices;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>
/// What the operations of the open transaction did, counted in memory and written with it as a few sums: by the minute for each account, by the
/// hour for each rule of it as well.
/// </summary>
internal sealed class Tally(WriterConnection db)
{
    private const long Minutes = 0;
    private const long Hours = 1;

    private static readonly long Minute = (long)TimeSpan.FromMinutes(1).TotalMilliseconds;
    private static readonly long Hour = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<Row, long> _sums = [];
    private readonly Dictionary<long, long> _fired = [];
    private int _saved;

    /// <summary>An event was decided.</summary>
    public void CountEvent(string account, DateTimeOffset receivedAt) => Add(account, null, Counted.Event, receivedAt);

    /// <summary>A run was made.</summary>
    public void CountMade(Run run, DateTimeOffset now)
    {
        Add(run.Account, run.RuleName, Counted.Made, now);
        if (run.Phase != RunPhase.Gates)
        {
            Fire(run, now);
        }
    }

    /// <summary>A run ended; nothing is counted when it has not.</summary>
    public void CountEnded(Run run, DateTimeOffset now)
    {
        if (!run.HasEnded)
        {
            return;
        }

        Add(run.Account, run.RuleName, (Counted)run.State, now);
        if (run is { Phase: RunPhase.Steps, State: RunState.Succeeded or RunState.Failed })
        {
            Fire(run, now);
        }
    }

    /// <summary>A run was ended from outside.</summary>
    public void CountCancelled(long runId, DateTimeOffset now)
    {
        const string Sql = "select r.account, v.rule from runs r join rule_versions v on v.id = r.version where r.id = ?";
        var (account, rule) = db.Sql(Sql).Bind(runId).First(static row => (row.Long(0), row.Long(1)));
        _entries.Add(new(account, rule, Counted.Cancelled, now.ToUnixTimeMilliseconds(), Fires: false));
    }

    /// <summary>A step got into its state; it is counted when its request had an effect.</summary>
    public void CountSent(Run run, Step step, DateTimeOffset now)
    {
        if (step is { State: StepState.Done, HadEffect: true, Intent.Endpoint.Length: > 0 })
        {
            Add(run.Account, run.RuleName, Counted.Sent, now);
        }
    }

    /// <summary>An operation begins that may be undone.</summary>
    public void Save() => _saved = _entries.Count;

    /// <summary>Forgets what was counted since then.</summary>
    public void Undo() => _entries.RemoveRange(_saved, _entries.Count - _saved);

    /// <summary>Forgets all: the transaction was undone.</summary>
    public void Clear()
    {
        _entries.Clear();
        _saved = 0;
    }

    /// <summary>Writes the sums, at the end of the transaction.</summary>
    public void Write()
    {
        if (_entries.Count == 0)
        {
            return;
        }

        foreach (var entry in _entries)
        {
            Sum(entry);
        }

        const string Put = """
            insert into activity (span, at, account, rule, what, number) values (?, ?, ?, ?, ?, ?)
            on conflict (span, at, account, rule, what) do update set number = activity.number + excluded.number
            """;
        foreach (var (row, number) in _sums)
        {
            db.Sql(Put).Bind(row.Span).Bind(row.At).Bind(row.Account).Bind(row.Rule).Bind((long)row.What).Bind(number).Run();
        }

        foreach (var (rule, at) in _fired)
        {
            db.Sql("update rules set fired_at = ? where id = ? and coalesce(fired_at, 0) < ?").Bind(at).Bind(rule).Bind(at).Run();
        }

        _sums.Clear();
        _fired.Clear();
        Clear();
    }

    private void Add(string account, string? rule, Counted what, DateTimeOffset at) =>
        _entries.Add(new(db.Names.Account(account), rule is null ? 0 : db.Names.Rule(rule), what, at.ToUnixTimeMilliseconds(), Fires: false));

    private void Fire(Run run, DateTimeOffset now) => _entries.Add(new(0, db.Names.Rule(run.RuleName), default, now.ToUnixTimeMilliseconds(), Fires: true));

    private void Sum(Entry entry)
    {
        if (entry.Fires)
        {
            _fired[entry.Rule] = Math.Max(entry.At, _fired.GetValueOrDefault(entry.Rule));
            return;
        }

        CollectionsMarshal.GetValueRefOrAddDefault(_sums, new(Minutes, entry.At - (entry.At % Minute), entry.Account, 0, entry.What), out _)++;
        CollectionsMarshal.GetValueRefOrAddDefault(_sums, new(Hours, entry.At - (entry.At % Hour), entry.Account, entry.Rule, entry.What), out _)++;
    }

    private readonly record struct Entry(long Account, long Rule, Counted What, long At, bool Fires);

    private readonly record struct Row(long Span, long At, long Account, long Rule, Counted What);
}

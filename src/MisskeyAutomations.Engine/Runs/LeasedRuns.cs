using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// The runs that are leased to this node and wait to be worked on. Accounts take turns, and so do the rules of an account; each has a
/// share of what is worked on at once. So nobody waits for a server that answers slowly but those who act on it, and of these none
/// longer than others.
/// </summary>
public sealed class LeasedRuns
{
    /// <summary>How many runs of an account are worked on at once.</summary>
    public const int AccountShare = 64;

    /// <summary>How many runs of one rule of an account are worked on at once.</summary>
    public const int RuleShare = 48;

    /// <summary>With so many runs waiting here, an account's further ones are left in the store.</summary>
    public const int Capacity = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccountLane> _lanes = new(StringComparer.Ordinal);
    private readonly Channel<AccountLane> _turns = Channel.CreateUnbounded<AccountLane>();
    private readonly Channel<bool> _room = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The accounts whose further runs are to be left in the store, free and due: whoever leaves one there calls <see cref="LeaveBehind"/>.</summary>
    public IReadOnlyCollection<string> Full
    {
        get
        {
            lock (_gate)
            {
                return [.. _lanes.Where(lane => lane.Value.Waiting >= Capacity).Select(lane => lane.Key)];
            }
        }
    }

    /// <summary>The runs that wait here or are worked on: their leases are to be renewed, however long that takes.</summary>
    public IReadOnlyList<long> InHand
    {
        get
        {
            lock (_gate)
            {
                return [.. _lanes.Values.SelectMany(lane => lane.Rules.Values).SelectMany(rule => rule.Waiting.Select(run => run.Id).Concat(rule.AtWork))];
            }
        }
    }

    /// <summary>Hands a run over.</summary>
    public void Add(Run run)
    {
        lock (_gate)
        {
            var account = LaneOf(run.Account);
            var rule = account.LaneOf(run.RuleName);
            rule.Waiting.Enqueue(run);
            account.Waiting++;
            Offer(account, rule);
        }
    }

    /// <summary>Notes that due runs of these accounts are in the store, leased to nobody: <see cref="WaitForRoomAsync"/> tells when to claim them.</summary>
    public void LeaveBehind(IReadOnlyCollection<string> accounts)
    {
        lock (_gate)
        {
            foreach (var name in accounts)
            {
                var account = LaneOf(name);
                account.HasLeftBehind = true;
                TellRoom(account);
            }
        }
    }

    /// <summary>Waits until there is room for runs that were left in the store.</summary>
    public async Task WaitForRoomAsync(CancellationToken cancellationToken) => await _room.Reader.ReadAsync(cancellationToken);

    /// <summary>The runs as their turns come; each is to be given back with <see cref="Finish"/>.</summary>
    public async IAsyncEnumerable<Run> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var account in _turns.Reader.ReadAllAsync(cancellationToken))
        {
            yield return Take(account);
        }
    }

    /// <summary>Notes that a run is not worked on any more.</summary>
    public void Finish(Run run)
    {
        lock (_gate)
        {
            var account = LaneOf(run.Account);
            var rule = account.LaneOf(run.RuleName);
            account.AtWork--;
            rule.AtWork.Remove(run.Id);
            Offer(account, rule);
            Forget(run, account, rule);
        }
    }

    private Run Take(AccountLane account)
    {
        lock (_gate)
        {
            account.IsInTurn = false;
            var rule = account.Turns.Dequeue();
            rule.IsInTurn = false;
            var run = rule.Waiting.Dequeue();
            account.Waiting--;
            account.AtWork++;
            rule.AtWork.Add(run.Id);
            Offer(account, rule);
            TellRoom(account);
            return run;
        }
    }

    // Each account is in turn once at most, and only while one of its runs may be taken.
    private void Offer(AccountLane account, RuleLane rule)
    {
        if (!rule.IsInTurn && rule is { Waiting.Count: > 0, AtWork.Count: < RuleShare })
        {
            rule.IsInTurn = true;
            account.Turns.Enqueue(rule);
        }

        if (!account.IsInTurn && account is { Turns.Count: > 0, AtWork: < AccountShare })
        {
            account.IsInTurn = true;
            _turns.Writer.TryWrite(account);
        }
    }

    private void TellRoom(AccountLane account)
    {
        if (account is { HasLeftBehind: true, Waiting: <= Capacity / 2 })
        {
            account.HasLeftBehind = false;
            _room.Writer.TryWrite(true);
        }
    }

    private AccountLane LaneOf(string account)
    {
        if (!_lanes.TryGetValue(account, out var lane))
        {
            _lanes.Add(account, lane = new());
        }

        return lane;
    }

    // Rules come and go for years.
    private void Forget(Run run, AccountLane account, RuleLane rule)
    {
        if (rule is { AtWork.Count: 0, Waiting.Count: 0 })
        {
            account.Rules.Remove(run.RuleName);
        }

        if (account is { Rules.Count: 0, HasLeftBehind: false })
        {
            _lanes.Remove(run.Account);
        }
    }

    private sealed class AccountLane
    {
        public Dictionary<string, RuleLane> Rules { get; } = new(StringComparer.Ordinal);

        public Queue<RuleLane> Turns { get; } = new();

        public int Waiting { get; set; }

        public int AtWork { get; set; }

        public bool IsInTurn { get; set; }

        public bool HasLeftBehind { get; set; }

        public RuleLane LaneOf(string rule)
        {
            if (!Rules.TryGetValue(rule, out var lane))
            {
                Rules.Add(rule, lane = new());
            }

            return lane;
        }
    }

    private sealed class RuleLane
    {
        public Queue<Run> Waiting { get; } = new();

        public List<long> AtWork { get; } = [];

        public bool IsInTurn { get; set; }
    }
}

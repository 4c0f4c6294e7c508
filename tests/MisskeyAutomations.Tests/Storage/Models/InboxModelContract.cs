using System.Globalization;
using CsCheck;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Storage.Models;

/// <summary>
/// The model of an inbox with its subjects: what arrived in which order, and how far each subject is decided. Events are reported by
/// several hooks, again and again, one of which shows nothing; decisions are made twice; the process dies anywhere in between. CsCheck
/// prints the seed of what fails.
/// </summary>
public abstract class InboxModelContract : StoreContract
{
    private const int BlindHook = 2;
    private const int Notes = 5;

    private int _worlds;

    private protected InboxModelContract(Func<StoreUnderTest> open)
        : base(open)
    {
    }

    private enum Act
    {
        Arrive,
        Decide,
        DecideTwice,
        Die,
    }

    private enum Known
    {
        Nothing,
        Hidden,
        Readable,
    }

    [Fact]
    public async Task What_arrived_is_decided_once_in_the_order_of_arrival_whatever_dies()
    {
        var step = Gen.Select(Gen.Frequency((6, Gen.Const(Act.Arrive)), (3, Gen.Const(Act.Decide)), (1, Gen.Const(Act.DecideTwice)), (1, Gen.Const(Act.Die))), Gen.Int[0, 4], Gen.Int[0, BlindHook]);

        await step.List[1, 40].SampleAsync(PlayAsync, iter: 40, threads: 1);
    }

    [Fact]
    public async Task The_order_in_which_hooks_tell_changes_nothing_about_what_is_decided()
    {
        // Five notes, reported as it comes, and four follows of one person, of which both hooks tell; some things are told twice.
        var notes = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1]).List[0, 10];
        var follows = Gen.Int[Notes, Notes + 3].HashSet[0, 4];
        var twice = Gen.Int[0, 8].List[0, 4];

        await Gen.Select(notes, follows, twice, Gen.Int[0, 100], Gen.UInt).SampleAsync(
            (some, followed, again, gap, seed) => ShuffleAsync(
                [.. some, .. followed.Order().SelectMany(number => new[] { (number, 0), (number, 1) }), .. again.Where(followed.Contains).Select(number => (number, 0))], gap, seed),
            iter: 60,
            threads: 1);
    }

    private async Task PlayAsync(List<(Act Act, int Number, int Hook)> acts)
    {
        var world = new World($"model{_worlds++}");
        foreach (var (act, number, hook) in acts)
        {
            switch (act)
            {
                case Act.Arrive:
                    await ArriveAsync(world, number, hook);
                    break;
                case Act.Die:
                    Store.Reopen();
                    break;
                default:
                    await DecideAsync(world, number + 1, twice: act == Act.DecideTwice);
                    break;
            }
        }

        await DecideAsync(world, int.MaxValue, twice: false);
        Store.Reopen();
        Assert.Empty(await UndecidedAsync(world));
    }

    private async Task ArriveAsync(World world, int number, int hook)
    {
        var isNew = world.Arrived.Add((number, hook));
        if (isNew)
        {
            world.Undecided.Enqueue((number, hook));
        }

        Assert.Equal(isNew, await Store.Inbox.AddAsync(StoreUnderTest.Some($"e{number}", $"h{hook}", world.Account, createdAt: number), Token));
    }

    private async Task DecideAsync(World world, int count, bool twice)
    {
        foreach (var delivery in (await UndecidedAsync(world)).Take(count))
        {
            var (number, hook) = world.Undecided.Dequeue();
            Assert.Equal(($"e{number}", $"h{hook}"), (delivery.EventId, delivery.HookId));
            var isReadable = hook != BlindHook;
            var before = world.Known[number];
            var isFirst = before == Known.Nothing || (before == Known.Hidden && isReadable);
            world.Known[number] = isReadable ? Known.Readable : isFirst ? Known.Hidden : before;

            var decision = Store.DecisionOf(delivery, new Subject($"note:{number}", Recurs: false), isReadable: isReadable, runs: Store.Plan(account: world.Account));
            var decided = await Store.Inbox.CompleteAsync(decision, Token);
            Assert.Equal((!isFirst, isFirst ? 1 : 0), (decided.AlreadyDecided, decided.Runs.Count));
            Assert.True(!twice || (await Store.Inbox.CompleteAsync(decision, Token)) is { AlreadyDecided: true, Runs: [] });
        }
    }

    private async Task<List<Delivery>> UndecidedAsync(World world)
    {
        if (world.Undecided.Count == 0)
        {
            // Nothing is to be there: an arrival of its own keeps whoever looks from waiting.
            await Store.Inbox.AddAsync(StoreUnderTest.Some($"look{_worlds++}", account: "looks"), Token);
        }

        return [.. (await Store.Inbox.TakeAsync(0, 10_000, Token)).Where(delivery => delivery.Account == world.Account)];
    }

    private async Task ShuffleAsync(List<(int Number, int Hook)> made, int gap, uint seed)
    {
        var expected = made.Where(report => report.Number >= Notes).Select(report => report.Number).Distinct().Count();
        var random = new Random((int)seed);
        foreach (var order in (IReadOnlyList<(int, int)>[])[made, Mix(made, random)])
        {
            Assert.Equal(expected, await CountAsync(order, gap));
        }
    }

    // Each hook tells of follows in their order; how the hooks overtake each other is random, as is the place of the notes.
    private static List<(int Number, int Hook)> Mix(List<(int Number, int Hook)> made, Random random)
    {
        var places = made.OrderBy(_ => random.Next()).ToList();
        var follows = places.Where(report => report.Number >= Notes).GroupBy(report => report.Hook)
            .ToDictionary(group => group.Key, group => new Queue<(int Number, int Hook)>(group.OrderBy(report => report.Number)));
        return [.. places.Select(report => report.Number < Notes ? report : follows[report.Hook].Dequeue())];
    }

    // How many follows were decided; each note is decided once.
    private async Task<int> CountAsync(IReadOnlyList<(int Number, int Hook)> order, int gap)
    {
        if (order.Count == 0)
        {
            return 0;
        }

        var account = $"order{_worlds++}";
        foreach (var (number, hook) in order)
        {
            await Store.Inbox.AddAsync(StoreUnderTest.Some($"e{number}", $"h{hook}", account, createdAt: number), Token);
        }

        var decided = new List<int>();
        foreach (var delivery in (await Store.Inbox.TakeAsync(0, 10_000, Token)).Where(delivery => delivery.Account == account))
        {
            var number = int.Parse(delivery.EventId[1..], CultureInfo.InvariantCulture);
            var subject = number < Notes ? new Subject($"note:{number}", Recurs: false) : new Subject("followed:bob", Recurs: true);
            if (!(await Store.Inbox.CompleteAsync(Store.DecisionOf(delivery, subject, Store.Now.AddSeconds(gap * number)), Token)).AlreadyDecided)
            {
                decided.Add(number);
            }
        }

        Assert.Equal(order.Select(report => report.Number).Where(number => number < Notes).Distinct().Order(), decided.Where(number => number < Notes).Order());
        return decided.Count(number => number >= Notes);
    }

    private sealed record World(string Account)
    {
        public HashSet<(int Number, int Hook)> Arrived { get; } = [];

        public Queue<(int Number, int Hook)> Undecided { get; } = [];

        public Known[] Known { get; } = new Known[Notes];
    }
}

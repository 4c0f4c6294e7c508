using System.Collections.Concurrent;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Sandbox;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>
/// Two engines on one PostgreSQL database; by turns one of them is killed after 5 s, and started again 3 s later, while webhooks pour in at
/// both. <c>MKA_SECONDS</c> says for how long (12 s).
/// </summary>
public sealed class SharedKillTests(ITestOutputHelper output)
{
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Down = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromMilliseconds(50);

    private readonly TimeSpan _length = TimeSpan.FromSeconds(Numbers.Of("MKA_SECONDS") ?? 12);
    private readonly ConcurrentBag<Note> _taken = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_lost_and_nothing_done_twice_whichever_of_two_engines_dies()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        house.Environment["MISSKEYAUTOMATIONS__SETTLE"] = "10";
        ProgramRun[] engines = [await house.StartAsync(0), await house.StartAsync(1)];
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        ending.CancelAfter(_length);

        var pouring = PourAsync(house, ending.Token);
        var kills = 0;
        while (await IsPouringAsync(BetweenKills, ending.Token))
        {
            await engines[kills % 2].DisposeAsync();
            await Task.Delay(Down, TimeProvider.System, Token);
            engines[kills % 2] = await house.StartAsync(kills % 2);
            kills++;
        }

        await pouring;
        var end = TimeProvider.System.GetTimestamp();
        await house.AnsweredOnceAsync(_taken);
        output.WriteLine($"{kills} kills, {_taken.Count} acknowledged, the last answered {TimeProvider.System.GetElapsedTime(end).TotalSeconds:0.0} s after the last was taken");
        Assert.NotEmpty(_taken);
        await engines[0].DisposeAsync();
        await engines[1].DisposeAsync();
    }

    [Fact]
    public async Task What_a_dead_engine_had_not_begun_is_taken_over_before_its_leases_end()
    {
        const int Mentions = 60;
        var store = SharedPostgres.NewSchema();
        await using var house = await SharedHouse.OpenAsync(store);
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        for (var number = 0; number < Mentions; number++)
        {
            var (note, hook) = await house.MentionAsync();
            Assert.True(await house.DeliverAsync(hook, 0));
            _taken.Add(note);
        }

        await one.KillAsync();
        var (began, left) = (TimeProvider.System.GetTimestamp(), CountNotBegun(store));

        // It is 35 s by what is promised; a lease lasts 120 s.
        await Eventually.HoldsAsync(() => CountNotBegun(store) == 0, "the other engine has it", TimeSpan.FromSeconds(100));
        output.WriteLine($"{left} of {Mentions} had not been begun, and were taken over after {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s");
        await house.AnsweredOnceAsync(_taken);
    }

    // By the first engine, whose lease is 1.
    private static long CountNotBegun(string store)
    {
        var schema = store.Split("Search Path=")[1];
        return (long)SharedPostgres.Execute($"""
            select (select count(*) from {schema}.deliveries where state = 0 and claimed_by = 1)
                + (select count(*) from {schema}.runs r where r.lease = 1 and not exists (select 1 from {schema}.steps s where s.run = r.id and s.state in (1, 2)))
            """)!;
    }

    // As Misskey behind a balancer: whoever answers 204 has taken it, and what nobody takes is tried again.
    private async Task PourAsync(SharedHouse house, CancellationToken ending)
    {
        var deliveries = new List<Task>();
        for (var number = 0; await IsPouringAsync(BetweenNotes, ending); number++)
        {
            var (note, hook) = await house.MentionAsync();
            deliveries.Add(DeliverAsync(house, note, hook, number % 2));
        }

        await Task.WhenAll(deliveries);
    }

    private async Task DeliverAsync(SharedHouse house, Note note, ReceivedHook hook, int engine)
    {
        while (!await house.DeliverAsync(hook, engine))
        {
            engine = 1 - engine;
            await Task.Delay(BetweenNotes, TimeProvider.System, Token);
        }

        _taken.Add(note);
    }

    private static async Task<bool> IsPouringAsync(TimeSpan pause, CancellationToken ending)
    {
        try
        {
            await Task.Delay(pause, TimeProvider.System, ending);
            return true;
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            return false;
        }
    }
}

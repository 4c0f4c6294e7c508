using System.Diagnostics;
using System.Globalization;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Sandbox;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>
/// Several engines on one PostgreSQL, and what may befall the ways between them and the server: nothing that was acknowledged is lost, and nothing
/// is done twice. <c>MKA_STILL</c> says for how many seconds an engine stands still (40), <c>MKA_RESTARTS</c> how often the server is killed (3).
/// </summary>
public sealed class SharedTroubleTests(ITestOutputHelper output)
{
    private static readonly TimeSpan BetweenNotes = TimeSpan.FromMilliseconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_that_fell_silent_are_given_up_and_opened_anew()
    {
        using var server = new PostgresServer();
        await using var way = new CutProxy(server.Port);
        await using var house = await SharedHouse.OpenAsync(Through(way, server.AddSchema()));
        await using var engine = await house.StartAsync(0);
        var before = await TakenAsync(house, 5, _ => 0);
        await house.AnsweredOnceAsync(before);

        way.Silence();
        var began = TimeProvider.System.GetTimestamp();
        var after = await TakenAsync(house, 5, _ => 0);
        var back = TimeProvider.System.GetElapsedTime(began);

        await house.AnsweredOnceAsync([.. before, .. after]);
        output.WriteLine($"took webhooks again {back.TotalSeconds:0.0} s after all connections had fallen silent");
    }

    [Fact]
    public async Task What_an_engine_has_begun_that_is_cut_off_from_the_database_another_does_and_nothing_twice()
    {
        var store = SharedPostgres.NewSchema();
        await using var way = new CutProxy(SharedPostgres.Port);
        await using var house = await SharedHouse.OpenAsync(store);
        house.Reach(0, Through(way, store));
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        await house.AnsweredOnceAsync(await TakenAsync(house, 4, number => number % 2));

        var cut = await TakenAsync(house, 20, number => number % 2);
        way.Close();
        var began = TimeProvider.System.GetTimestamp();
        await house.AnsweredOnceAsync(cut);
        output.WriteLine($"all was answered {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s after one engine was cut off");

        way.Open();
        var after = await TakenAsync(house, 4, _ => 0);
        await house.AnsweredOnceAsync([.. cut, .. after]);
    }

    [Fact]
    public async Task An_engine_that_stood_still_and_comes_back_does_nothing_that_another_has_done()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        await house.AnsweredOnceAsync(await TakenAsync(house, 4, number => number % 2));

        var notes = await TakenAsync(house, 40, number => number % 2);
        await SignalAsync(one, "STOP");
        await Task.Delay(TimeSpan.FromSeconds(Numbers.Of("MKA_STILL") ?? 40), TimeProvider.System, Token);
        await SignalAsync(one, "CONT");

        var after = await TakenAsync(house, 4, _ => 0);
        await house.AnsweredOnceAsync([.. notes, .. after]);
    }

    [Fact]
    public async Task A_server_that_is_killed_again_and_again_costs_time_and_nothing_else()
    {
        using var server = new PostgresServer();
        await using var house = await SharedHouse.OpenAsync(server.AddSchema());
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        var (notes, recoveries) = (new List<Note>(), new List<double>());
        for (var restart = 0; restart < (Numbers.Of("MKA_RESTARTS") ?? 3); restart++)
        {
            using var ending = new CancellationTokenSource();
            var pouring = PourAsync(house, ending.Token);
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Token);
            server.Restart();
            var began = TimeProvider.System.GetTimestamp();
            notes.AddRange(await TakenAsync(house, 2, number => number % 2));
            recoveries.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            await ending.CancelAsync();
            notes.AddRange(await pouring);
        }

        await house.AnsweredOnceAsync(notes);
        recoveries.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{recoveries.Count} restarts, {notes.Count} acknowledged; webhooks were taken again after {recoveries[recoveries.Count / 2]:0.0} s (median), {recoveries[^1]:0.0} s (longest)"));
        Assert.False(one.HasExited || two.HasExited);
    }

    [Fact]
    public async Task A_synchronous_standby_that_is_promoted_has_all_and_nothing_is_done_twice()
    {
        using var primary = new PostgresServer();
        using var standby = primary.AddStandby();
        primary.Execute("alter system set synchronous_standby_names = '*'");
        primary.Execute("select pg_reload_conf()");
        await Eventually.HoldsAsync(() => Equals(primary.Execute("select count(*) from pg_stat_replication where sync_state = 'sync'"), 1L), "the standby follows");
        var store = primary.AddSchema().Replace($"Host=127.0.0.1;Port={primary.Port}", $"Host=127.0.0.1:{primary.Port},127.0.0.1:{standby.Port};Target Session Attributes=primary", StringComparison.Ordinal);
        await using var house = await SharedHouse.OpenAsync(store);
        await using var one = await house.StartAsync(0);
        await using var two = await house.StartAsync(1);
        var notes = await TakenAsync(house, 10, number => number % 2);
        using var ending = new CancellationTokenSource();
        var pouring = PourAsync(house, ending.Token);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Token);

        primary.Kill();
        standby.Promote();
        var after = await TakenAsync(house, 4, number => number % 2);
        await ending.CancelAsync();

        await house.AnsweredOnceAsync([.. notes, .. after, .. await pouring]);
        var said = one.Output + two.Output;
        Assert.Single(said.Split("PostgreSQL is not the server that the store was on before").Skip(1));
        Assert.DoesNotContain("The database lost", said, StringComparison.Ordinal);
    }

    private static string Through(CutProxy way, string store) =>
        string.Join(';', store.Split(';').Select(part => part.StartsWith("Port=", StringComparison.Ordinal) ? $"Port={way.Port}" : part));

    // As Misskey behind a balancer: what nobody takes is tried again.
    private static async Task<List<Note>> TakenAsync(SharedHouse house, int count, Func<int, int> engineOf)
    {
        var notes = new List<Note>();
        for (var number = 0; number < count; number++)
        {
            var (note, hook) = await house.MentionAsync();
            var engine = engineOf(number);
            await Eventually.HoldsAsync(() => house.DeliverAsync(hook, engine), "it is taken");
            notes.Add(note);
        }

        return notes;
    }

    private static async Task<List<Note>> PourAsync(SharedHouse house, CancellationToken ending)
    {
        var taken = new List<Task<Note>>();
        for (var number = 0; !ending.IsCancellationRequested; number++)
        {
            var (note, hook) = await house.MentionAsync();
            taken.Add(TakeAsync(note, hook, number % 2));
            await Task.Delay(BetweenNotes, TimeProvider.System, Token);
        }

        return [.. await Task.WhenAll(taken)];

        async Task<Note> TakeAsync(Note note, ReceivedHook hook, int engine)
        {
            await Eventually.HoldsAsync(() => house.DeliverAsync(hook, engine), "it is taken");
            return note;
        }
    }

    private static async Task SignalAsync(ProgramRun run, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", run.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Token);
        Assert.Equal(0, kill.ExitCode);
    }
}

using Microsoft.Extensions.Options;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health.Alerts;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for what is asked by whoever watches over a store, on every database.</summary>
public abstract class FiguresContract : StoreContract
{
    private protected FiguresContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    private StoreFigures Figures => new(Under.Store, Options.Create(new StoreOptions { DataDirectory = Path.GetTempPath() }));

    [Fact]
    public async Task Undecided_deliveries_are_counted_with_the_age_of_the_oldest()
    {
        Assert.Equal((0, null), Figures.CountUndecided());
        await Under.ArriveAsync();
        await Under.ArriveAsync();

        Assert.Equal((2, Under.Now), Figures.CountUndecided());
    }

    [Fact]
    public async Task What_waits_is_uncertain_or_set_aside_is_counted()
    {
        var (doubtful, step) = (await Under.StartAsync()).Doubt(Under.SomeStep(), "the answer was lost");
        await Under.Runs.SaveAsync(doubtful, [step], Token);
        var delivery = await Under.ArriveAsync();
        await Under.Inbox.CompleteAsync(Deciding.Quarantine(delivery, "broken"), Token);

        Assert.Equal(1, Figures.CountUncertain());
        Assert.Equal((1, 0), Figures.CountSetAside());
        Assert.Equal(1, Figures.CountWaiting()[WaitReason.Uncertain]);
        Assert.True(Figures.Size() >= 0);
        Assert.True(Figures.IsWritable);
    }

    [Fact]
    public async Task What_is_set_aside_is_told_of_without_its_requests()
    {
        for (var number = 0; number < 5; number++)
        {
            await Under.Inbox.CompleteAsync(Deciding.Quarantine(await Under.ArriveAsync(body: new string('x', 1_000_000)), "broken"), Token);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var sight = await new QuarantineWatch(Under.Store).LookAsync(Token);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3_000_000);
        Assert.Equal(5, sight.Troubles.Count);
        Assert.StartsWith("Event 5 of account alice", sight.Troubles[0].Text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_count_for_a_budget_until_its_time_is_over()
    {
        var law = new Budget(3, TimeSpan.FromHours(1));
        var run = await Under.StartAsync();
        var step = Under.SomeStep();
        await Under.Runs.SaveIntentAsync(run.With(step), step, [new("notes", law.Max, law.Within, SkipWhenEmpty: false)], Token);

        Assert.Equal((1, 0, 0), (Figures.CountUsed("alice", "notes", law), Figures.CountUsed("alice", "follows", law), Figures.CountUsed("bob", "notes", law)));
        Under.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, Figures.CountUsed("alice", "notes", law));
    }

    [Fact]
    public async Task The_last_event_is_that_of_whichever_hook_or_stream_and_nothing_else()
    {
        Assert.Null(Figures.FindLastEvent("alice"));
        await Under.ArriveAsync(hook: "", source: "cron");
        Assert.Null(Figures.FindLastEvent("alice"));
        await Under.ArriveAsync(hook: "hook1");
        await Under.ArriveAsync(hook: "hook2");

        Assert.Equal(Under.Now, Figures.FindLastEvent("alice"));
    }

    [Fact]
    public async Task The_last_event_stays_the_last_one_while_others_tell_and_gives_way_to_the_next()
    {
        var figures = Figures;
        var first = await ToldAsync("streaming");
        Assert.Equal(first, figures.FindLastEvent("alice"));

        await ToldAsync("cron");
        await ToldAsync("catch-up");
        Assert.Equal(first, figures.FindLastEvent("alice"));
        Assert.Equal(first, figures.FindLastEvent("alice"));

        var second = await ToldAsync("streaming");
        await ToldAsync("cron");
        Assert.Equal(second, figures.FindLastEvent("alice"));
        var third = await ToldAsync("webhook");
        await ToldAsync("catch-up");
        Assert.Equal((third, third), (figures.FindLastEvent("alice"), Figures.FindLastEvent("alice")));
    }

    [Fact]
    public async Task What_an_engine_told_is_kept_apart_from_what_others_told()
    {
        var alerts = new StoredAlerts(Under.Store);
        var row = new AlertRow { Target = "1 misskey", Kind = "silence", Subject = "main", Text = "静かです", Since = Under.Now };
        await alerts.ReplaceAsync("here", [row, row with { Subject = "second", ToldAt = Under.Now, OverAt = Under.Now.AddMinutes(1) }], Token);
        await alerts.ReplaceAsync("there", [row], Token);

        await alerts.ReplaceAsync("there", [], Token);

        Assert.Empty(alerts.List("there"));
        Assert.Equal([row, row with { Subject = "second", ToldAt = Under.Now, OverAt = Under.Now.AddMinutes(1) }], alerts.List("here").OrderBy(kept => kept.Subject, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Open_breakers_are_listed_until_they_close_and_those_of_dry_runs_are_not()
    {
        var claim = new BudgetClaim("replies:user:u1", 1, TimeSpan.FromMinutes(10), SkipWhenEmpty: true) { Breaker = "u1" };
        foreach (var isDryRun in (bool[])[true, false])
        {
            var run = await Under.StartAsync(Under.Plan(isDryRun: isDryRun));
            for (var i = 0; i < 2; i++)
            {
                var step = Under.SomeStep($"do[{i}]");
                await Under.Runs.SaveIntentAsync(run.With(step), step, [claim], Token);
            }
        }

        Assert.Equal([new OpenBreaker("alice", "u1", Under.Now.AddMinutes(10))], Figures.ListBreakers());
        Under.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(Figures.ListBreakers());
    }

    // When it came.
    private async Task<DateTimeOffset> ToldAsync(string source)
    {
        Under.Time.Advance(TimeSpan.FromMinutes(1));
        var at = Under.Now.ToUnixTimeMilliseconds();
        await Under.Inbox.AddAsync(StoreUnderTest.Some($"{source} {at}", hook: "", source: source, createdAt: source == "streaming" ? 0 : at) with { ReceivedAt = Under.Now }, Token);
        return Under.Now;
    }
}

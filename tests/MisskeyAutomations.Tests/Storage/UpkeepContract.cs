using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Holds for tidying up, on every database.</summary>
public abstract class UpkeepContract : StoreContract
{
    private protected UpkeepContract(Func<DurableUnderTest> open)
        : base(open)
    {
    }

    private DurableUnderTest Under => (DurableUnderTest)Store;

    [Fact]
    public async Task Tokens_are_dropped_once_they_ran_out_and_not_before()
    {
        var run = await Under.StartAsync();
        var step = Under.SomeStep();
        await Under.Runs.SaveIntentAsync(run.With(step), step, [new("notes", 3, TimeSpan.FromHours(1), SkipWhenEmpty: false)], Token);
        Under.Time.Advance(TimeSpan.FromMinutes(59));
        await TidyAsync();
        Assert.Equal(1, Count("budget_tokens"));

        Under.Time.Advance(TimeSpan.FromMinutes(1));
        await TidyAsync();

        Assert.Equal(0, Count("budget_tokens"));
    }

    [Fact]
    public async Task Places_are_dropped_when_no_limit_counts_them_and_those_of_limits_without_end_never()
    {
        await Under.StartAsync(Under.Plan(claims: new LimitClaim("a", 1, Under.Now.AddDays(-1), "1 per day")));
        await Under.StartAsync(Under.Plan(claims: new LimitClaim("b", 1, DateTimeOffset.MinValue, "once")));
        await Under.StartAsync(Under.Plan(claims: [new LimitClaim("c", 5, Under.Now.AddDays(-1), "5 per day"), new LimitClaim("c", 9, DateTimeOffset.MinValue, "9 ever")]));
        Under.Time.Advance(TimeSpan.FromDays(10));
        await TidyAsync();
        Assert.Equal(3, Count("limit_places"));

        Under.Time.Advance(TimeSpan.FromDays(10_000));
        await TidyAsync();

        Assert.Equal(2, Count("limit_places"));
    }

    [Fact]
    public async Task The_text_of_a_rule_is_dropped_when_its_last_run_has_ended_and_stored_again_with_the_next()
    {
        var run = await Under.StartAsync();
        await TidyAsync();
        Assert.Equal("text of greet", await Under.Runs.LoadRuleTextAsync("hash of greet", Token));
        await Under.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token);
        await TidyAsync();
        Assert.Null(await Under.Runs.LoadRuleTextAsync("hash of greet", Token));

        await Under.StartAsync();

        Assert.Equal("text of greet", await Under.Runs.LoadRuleTextAsync("hash of greet", Token));
    }

    [Fact]
    public async Task The_text_of_a_rule_is_kept_for_a_run_that_was_set_aside()
    {
        var run = await Under.StartAsync();
        for (var death = 0; death < BlackBox.MostDeaths; death++)
        {
            await Under.Store.Writer.RunAsync(db => Deaths.Count(db, [Evaluated.Run(run.Id)], Under.Now), Token);
        }

        await Under.Runs.SaveAsync(run.End(RunState.Failed), [], Token);

        await TidyAsync();

        Assert.Equal("text of greet", await Under.Runs.LoadRuleTextAsync("hash of greet", Token));
    }

    [Fact]
    public async Task What_was_kept_is_dropped_once_it_ran_out_and_replies_once_their_run_ended()
    {
        var run = await Under.StartAsync();
        var step = Under.SomeStep(state: StepState.Done);
        await Under.Runs.SetStateAsync(run, step, [new(new("account", "a"), "1", Under.Now.AddDays(7)), new(new("account", "b"), "1", null)], [], Token);
        await Under.Inbox.CompleteAsync(Under.DecisionOf(await Under.ArriveAsync()) with { HeardBy = run.Id }, Token);
        await TidyAsync();
        Assert.Equal((2L, 1L), (Count("state"), Count("heard")));

        Under.Time.Advance(TimeSpan.FromDays(7));
        await Under.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token);
        await TidyAsync();

        Assert.Equal((1L, 0L), (Count("state"), Count("heard")));
    }

    private async Task TidyAsync()
    {
        using var upkeep = new Upkeep(Under.Store, Under.Time, NullLogger<Upkeep>.Instance);
        await upkeep.TidyAsync(Token);
    }

    private long Count(string table) => Under.Store.Readers.Read(connection => connection.ExecuteScalar<long>($"select count(*) from {table}"));
}

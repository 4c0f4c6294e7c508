using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

public sealed class UpkeepTests : IDisposable
{
    private readonly SqliteUnderTest _under = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _under.Dispose();

    [Fact]
    public async Task Tokens_are_dropped_once_they_ran_out_and_not_before()
    {
        var run = await _under.StartAsync();
        var step = _under.SomeStep();
        await _under.Runs.SaveIntentAsync(run.With(step), step, [new("notes", 3, TimeSpan.FromHours(1), SkipWhenEmpty: false)], Token);
        _under.Time.Advance(TimeSpan.FromMinutes(59));
        await TidyAsync();
        Assert.Equal(1, Count("budget_tokens"));

        _under.Time.Advance(TimeSpan.FromMinutes(1));
        await TidyAsync();

        Assert.Equal(0, Count("budget_tokens"));
    }

    [Fact]
    public async Task Places_are_dropped_when_no_limit_counts_them_and_those_of_limits_without_end_never()
    {
        await _under.StartAsync(_under.Plan(claims: new LimitClaim("a", 1, _under.Now.AddDays(-1), "1 per day")));
        await _under.StartAsync(_under.Plan(claims: new LimitClaim("b", 1, DateTimeOffset.MinValue, "once")));
        await _under.StartAsync(_under.Plan(claims: [new LimitClaim("c", 5, _under.Now.AddDays(-1), "5 per day"), new LimitClaim("c", 9, DateTimeOffset.MinValue, "9 ever")]));
        _under.Time.Advance(TimeSpan.FromDays(10));
        await TidyAsync();
        Assert.Equal(3, Count("limit_places"));

        _under.Time.Advance(TimeSpan.FromDays(10_000));
        await TidyAsync();

        Assert.Equal(2, Count("limit_places"));
    }

    [Fact]
    public async Task The_text_of_a_rule_is_dropped_when_its_last_run_has_ended_and_stored_again_with_the_next()
    {
        var run = await _under.StartAsync();
        await TidyAsync();
        Assert.Equal("text of greet", await _under.Runs.LoadRuleTextAsync("hash of greet", Token));
        await _under.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token);
        await TidyAsync();
        Assert.Null(await _under.Runs.LoadRuleTextAsync("hash of greet", Token));

        await _under.StartAsync();

        Assert.Equal("text of greet", await _under.Runs.LoadRuleTextAsync("hash of greet", Token));
    }

    [Fact]
    public async Task What_was_kept_is_dropped_once_it_ran_out_and_replies_once_their_run_ended()
    {
        var run = await _under.StartAsync();
        var step = _under.SomeStep(state: StepState.Done);
        await _under.Runs.SetStateAsync(run, step, [new(new("account", "a"), "1", _under.Now.AddDays(7)), new(new("account", "b"), "1", null)], [], Token);
        await _under.Inbox.CompleteAsync(_under.DecisionOf(await _under.ArriveAsync()) with { HeardBy = run.Id }, Token);
        await TidyAsync();
        Assert.Equal((2L, 1L), (Count("state"), Count("heard")));

        _under.Time.Advance(TimeSpan.FromDays(7));
        await _under.Runs.SaveAsync(run.End(RunState.Succeeded), [], Token);
        await TidyAsync();

        Assert.Equal((1L, 0L), (Count("state"), Count("heard")));
    }

    private async Task TidyAsync()
    {
        using var upkeep = new Upkeep(_under.Store, _under.Time, NullLogger<Upkeep>.Instance);
        await upkeep.TidyAsync(Token);
    }

    private long Count(string table) => _under.Store.Readers.Read(connection => connection.ExecuteScalar<long>($"select count(*) from {table}"));
}

using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>What the store knows of the death of a process.</summary>
public sealed class BlackBoxTests : IDisposable
{
    private readonly SqliteUnderTest _store = new();

    private BlackBox Box => _store.Store.BlackBox;

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task What_was_evaluated_at_three_deaths_is_poison_and_nothing_else_is()
    {
        var (run, other) = (await _store.StartAsync(), await _store.StartAsync());
        var delivery = await _store.ArriveAsync();

        for (var death = 0; death < 3; death++)
        {
            Assert.False(Box.IsPoison(Evaluated.Run(run.Id)));
            Box.Enter(Evaluated.Run(other.Id)).Dispose();
            _ = Box.Enter(Evaluated.Delivery(delivery.Id));
            _store.Reopen();
            _ = Box.Enter(Evaluated.Run(run.Id));
            _store.Reopen();
        }

        Assert.True(Box.IsPoison(Evaluated.Run(run.Id)));
        Assert.True(Box.IsPoison(Evaluated.Delivery(delivery.Id)));
        Assert.False(Box.IsPoison(Evaluated.Run(other.Id)));
        Assert.False(Box.IsPoison(Evaluated.Run(delivery.Id + 1_000)));
    }

    [Fact]
    public async Task Deaths_at_what_came_to_its_end_all_the_same_are_forgotten()
    {
        var delivery = await _store.ArriveAsync();
        _ = Box.Enter(Evaluated.Delivery(delivery.Id));
        _store.Reopen();
        _ = Box.Enter(Evaluated.Delivery(delivery.Id));
        _store.Reopen();
        await _store.Inbox.CompleteAsync(_store.DecisionOf(delivery), TestContext.Current.CancellationToken);
        _store.Reopen();

        _ = Box.Enter(Evaluated.Delivery(delivery.Id));
        _store.Reopen();

        Assert.False(Box.IsPoison(Evaluated.Delivery(delivery.Id)));
    }

    [Theory]
    [InlineData(EvaluatedKind.Delivery)]
    [InlineData(EvaluatedKind.Run)]
    public async Task What_its_owner_lets_go_is_poison_again_only_after_three_more_deaths(EvaluatedKind kind)
    {
        var what = kind == EvaluatedKind.Run ? Evaluated.Run((await _store.StartAsync()).Id) : Evaluated.Delivery((await _store.ArriveAsync()).Id);
        for (var time = 1; time <= 2; time++)
        {
            DieAt(what, deaths: 2);
            Assert.False(Box.IsPoison(what));
            DieAt(what, deaths: 1);
            Assert.True(Box.IsPoison(what));
            await SetAsideAsync(what);

            Assert.True(await LetGoAsync(what));

            Assert.False(Box.IsPoison(what));
            _store.Reopen();
            Assert.False(Box.IsPoison(what));
        }
    }

    [Fact]
    public async Task Suspects_are_evaluated_one_at_a_time_and_hold_up_nobody_else()
    {
        var runs = new[] { await _store.StartAsync(), await _store.StartAsync(), await _store.StartAsync() };
        _ = Box.Enter(Evaluated.Run(runs[0].Id));
        _ = Box.Enter(Evaluated.Run(runs[1].Id));
        _store.Reopen();

        var first = Box.Enter(Evaluated.Run(runs[0].Id));
        var second = Task.Run(() => Box.Enter(Evaluated.Run(runs[1].Id)), TestContext.Current.CancellationToken);
        using (Box.Enter(Evaluated.Run(runs[2].Id)))
        {
            Assert.Equal([runs[0].Id, runs[2].Id], Box.Marks.Select(mark => mark.What.Id));
        }

        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
        Assert.Empty(Box.Marks);
    }

    [Fact]
    public void More_at_work_than_there_is_room_for_goes_on_unmarked()
    {
        var marks = Enumerable.Range(1, 600).Select(id => Box.Enter(Evaluated.Run(id))).ToList();

        marks.ForEach(mark => mark.Dispose());

        Assert.Empty(Box.Marks);
        _store.Reopen();
        Assert.Empty(Box.ReadLeft());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private void DieAt(Evaluated what, int deaths)
    {
        for (var death = 0; death < deaths; death++)
        {
            _ = Box.Enter(what);
            _store.Reopen();
        }
    }

    private async Task SetAsideAsync(Evaluated what)
    {
        if (what.Kind == EvaluatedKind.Run)
        {
            var run = Assert.Single(await _store.Runs.ClaimDueAsync(1, [], Token));
            await _store.Runs.SaveAsync(run.End(RunState.Failed, "set aside"), [], Token);
            return;
        }

        var delivery = Assert.Single(await _store.Inbox.TakeAsync(0, 1, Token));
        await _store.Inbox.CompleteAsync(_store.DecisionOf(delivery) with { State = MisskeyAutomations.Inbox.DeliveryState.Quarantined, Subject = null }, Token);
    }

    private Task<bool> LetGoAsync(Evaluated what)
    {
        var quarantine = new Quarantine(_store.Store, new StoredInbox(_store.Store, new StoreHealth(_store.Store, _store.Time), _store.Time));
        return what.Kind == EvaluatedKind.Run ? quarantine.RetryRunAsync(what.Id, Token) : quarantine.RetryDeliveryAsync(what.Id, Token);
    }
}

using MisskeyAutomations.Control;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.Control;

/// <summary>The switch that stops everything works whatever else does not.</summary>
public sealed class PanicSwitchTests
{
    [Fact]
    public async Task It_stops_every_call_also_where_that_cannot_be_remembered_and_says_so()
    {
        using var under = new SqliteUnderTest();
        var holds = new Holds(under.Time);
        var panic = new PanicSwitch(holds, new Settings(under.Store), under.Runs, pump: null!);
        var remembered = await panic.StopAsync(TestContext.Current.CancellationToken);
        holds.Panic = false;
        under.Store.Dispose();

        var without = await panic.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(remembered);
        Assert.False(without);
        Assert.True(holds.Panic);
    }
}

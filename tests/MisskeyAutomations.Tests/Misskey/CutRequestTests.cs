using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Chaos;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class CutRequestTests
{
    /// <summary>Only of what certainly did not arrive is it said that it was not sent; only of what arrived, that it is done.</summary>
    [Fact]
    public async Task At_whatever_byte_the_request_breaks_off_nothing_false_is_said_of_it()
    {
        var cut = 0;
        await using var sandbox = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false }, TestContext.Current.CancellationToken);
        var alice = sandbox.World.AddAccount("alice");
        await using var proxy = ChaosProxy.Start(sandbox.Url, (_, path) => path.EndsWith("/create", StringComparison.Ordinal) ? new Trouble.CutRequest(cut) : null, TimeProvider.System);
        await using var rig = new MisskeyRig(proxy.Url, alice.Token);

        ActionOutcome outcome = new ActionOutcome.NotSent("");
        var arrived = 0;
        for (; sandbox.World.NotesOf(alice).Count == 0; cut++)
        {
            outcome = await rig.SendAsync();
            arrived += outcome is ActionOutcome.Uncertain ? 1 : 0;
            Assert.True(outcome is ActionOutcome.Uncertain or ActionOutcome.NotSent, $"cut at byte {cut}: {outcome}");
            Assert.InRange(cut, 0, 1_000);
            rig.Clock.Advance(TimeSpan.FromSeconds(31));
        }

        // The last one was long enough to arrive whole, and its answer was missed.
        Assert.IsType<ActionOutcome.Uncertain>(outcome);
        Assert.InRange(cut, 200, 1_000);
        Assert.InRange(arrived, 1, cut);
    }
}

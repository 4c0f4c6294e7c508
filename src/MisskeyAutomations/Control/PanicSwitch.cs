using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Control;

/// <summary>Stops every outgoing call at once, and lets them go again. Events are still accepted and decided meanwhile.</summary>
internal sealed class PanicSwitch(Holds holds, Settings settings, IRunStore runs, RunPump pump)
{
    /// <summary>Stops at once; that is then remembered over restarts. Where it cannot be, this engine stops all the same.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        holds.IsPanicOrdered = true;
        holds.Panic = true;
        await settings.SetAsync(Settings.Panic, "on", cancellationToken);
        holds.IsPanicOrdered = false;
    }

    /// <summary>Lets go what was held; that is remembered first.</summary>
    public async Task LetGoAsync(CancellationToken cancellationToken)
    {
        await settings.SetAsync(Settings.Panic, null, cancellationToken);
        holds.IsPanicOrdered = false;
        holds.Panic = false;
        await runs.ReleaseAsync(WaitReason.Hold, cancellationToken);
        await pump.ClaimDueAsync(cancellationToken);
    }
}

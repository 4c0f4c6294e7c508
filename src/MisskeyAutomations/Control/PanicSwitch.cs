using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Control;

/// <summary>Stops every outgoing call at once, and lets them go again. Events are still accepted and decided meanwhile.</summary>
internal sealed class PanicSwitch(Holds holds, Settings settings, IRunStore runs, RunPump pump)
{
    /// <summary>What is said where it is stopped, but not remembered.</summary>
    public static readonly Phrase NotRemembered = "Everything is stopped, but that cannot be written down now: if the engine is started anew, it goes on. Stop it once more when the store can be written.";

    /// <summary>Stops at once; that is then remembered over restarts. Where it cannot be, this engine stops all the same.</summary>
    /// <returns>Whether it is remembered.</returns>
    public async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        holds.IsPanicOrdered = true;
        holds.Panic = true;
        try
        {
            await settings.SetAsync(Settings.Panic, "on", cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return false;
        }

        holds.IsPanicOrdered = false;
        return true;
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

using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;

namespace MisskeyAutomations.Tests.EndToEnd;

internal static class Healing
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(16);

    // What is parked comes into effect before the time to settle is over: until then, no more rounds than that pass.
    private static readonly int RoundsWhileParked = (int)(LookTimes.Default.Settle / Round) - 1;

    extension(House house)
    {
        /// <summary>Time passes until every look was made, every retry was due, and every breaker has closed again; all runs are over then.</summary>
        public async Task HealAsync(int rounds = 40)
        {
            await house.RestAsync();
            for (var round = 1; round <= rounds && house.Ledger.Runs().Any(run => run.State < RunState.Succeeded); round++)
            {
                house.Time.Shift += Round;
                await house.Engine.Services.GetRequiredService<RunPump>().ClaimDueAsync(TestContext.Current.CancellationToken);
                await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State is not (RunState.Running or RunState.Ready)), "nothing is at work");
                if (round % RoundsWhileParked == 0)
                {
                    await Eventually.HoldsAsync(() => house.Misskey.CallsParked == 0, "what was parked is executed");
                }
            }
        }
    }
}

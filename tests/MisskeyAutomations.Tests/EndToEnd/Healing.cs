using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;

namespace MisskeyAutomations.Tests.EndToEnd;

internal static class Healing
{
    extension(House house)
    {
        /// <summary>Time passes until every look was made, every retry was due, and every breaker has closed again; all runs are over then.</summary>
        public async Task HealAsync(int rounds = 40)
        {
            await house.RestAsync();
            for (var round = 0; round < rounds && house.Ledger.Runs().Any(run => run.State < RunState.Succeeded); round++)
            {
                house.Time.Shift += TimeSpan.FromSeconds(16);
                await house.Engine.Services.GetRequiredService<RunPump>().ClaimDueAsync(TestContext.Current.CancellationToken);
                await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State is not (RunState.Running or RunState.Ready)), "nothing is at work", TimeSpan.FromSeconds(60));
            }
        }
    }
}

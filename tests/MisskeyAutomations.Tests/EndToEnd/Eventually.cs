namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Waits for what must come, by looking again and again; fails when it has not come by the deadline.</summary>
internal static class Eventually
{
    /// <summary>How long tests wait for what must come: 3 min. Only what never comes takes so long, so it is far more than a busy machine needs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var time = TimeProvider.System;
        var begin = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(begin) > (within ?? Patience))
            {
                Assert.Fail($"It did not come to this within {within ?? Patience}: {what}");
            }

            await Task.Delay(Between, time, TestContext.Current.CancellationToken);
        }
    }
}

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Waits for what must come, by looking again and again; fails when it has not come by the deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan? within = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within);

    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan? within = null)
    {
        var time = TimeProvider.System;
        var begin = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(begin) > (within ?? Deadline))
            {
                Assert.Fail($"It did not come to this within {within ?? Deadline}: {what}");
            }

            await Task.Delay(Between, time, TestContext.Current.CancellationToken);
        }
    }
}

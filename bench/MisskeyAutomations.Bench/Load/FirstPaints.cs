using Microsoft.Playwright;
using MisskeyAutomations.Tests.Dashboard;

namespace MisskeyAutomations.Bench.Load;

/// <summary>When pages show something in Chromium: each as somebody sees it whose browser has nothing of it in its cache.</summary>
internal static class FirstPaints
{
    private const int Times = 10;
    private const double Needed = 300;

    /// <summary>Measures pages, and tells of each.</summary>
    /// <param name="dashboard">Where they are.</param>
    /// <param name="paths">Which they are.</param>
    public static async Task MeasureAsync(Uri dashboard, IReadOnlyList<string> paths)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Find(), Args = ["--no-sandbox"] });
        var session = await SignInAsync(browser, dashboard);
        Report.Line($"{"first paint",-44} p50 ms   worst ms");
        var worst = 0.0;
        foreach (var path in paths)
        {
            var paints = new List<double>();
            for (var i = -1; i < Times; i++)
            {
                await using var context = await browser.NewContextAsync(new() { StorageState = session });
                var page = await context.NewPageAsync();
                await page.GotoAsync(new Uri(dashboard, path).AbsoluteUri);
                var paint = await page.EvaluateAsync<double>("new Promise(tell => new PerformanceObserver(list => tell(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true }))");
                if (i >= 0)
                {
                    paints.Add(paint);
                }
            }

            worst = Math.Max(worst, Report.Median(paints));
            Report.Line($"{Uri.UnescapeDataString(path),-44} {Report.Median(paints),6:0} {paints.Max(),9:0}");
        }

        Report.Line($"worst median of a first paint: {worst:0} ms (needed: {Needed:0}), load {Report.LoadAverage()}");
    }

    private static async Task<string> SignInAsync(IBrowser browser, Uri dashboard)
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(dashboard, "/sign-in").AbsoluteUri);
        await page.FillAsync("#passphrase", Servers.Passphrase);
        await page.PressAsync("#passphrase", "Enter");
        await page.Locator("a[href='/settings']").First.WaitForAsync();
        return await context.StorageStateAsync();
    }
}

using Microsoft.Playwright;
using MisskeyAutomations.Tests.Dashboard;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// When pages show something in Chromium: as somebody sees them whose browser has nothing of them in its cache, and who comes again. What the browser itself
/// needs for that is told by a text of one word.
/// </summary>
internal static class FirstPaints
{
    private const int Times = 10;
    private const double Needed = 300;
    private const string OneWord = "/healthz";

    /// <summary>Measures pages, and tells of each.</summary>
    /// <param name="dashboard">Where they are.</param>
    /// <param name="paths">Which they are.</param>
    public static async Task MeasureAsync(Uri dashboard, IReadOnlyList<string> paths)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Find(), Args = ["--no-sandbox"] });
        var session = await SignInAsync(browser, dashboard);
        Report.Line($"{"first paint",-44} with an empty cache       again");
        Report.Line($"{"",-44} p50 ms   worst ms      p50 ms   worst ms");
        var (worst, worstAgain) = (0.0, 0.0);
        foreach (var path in paths.Prepend(OneWord))
        {
            var (paints, again) = (new List<double>(), new List<double>());
            for (var i = -1; i < Times; i++)
            {
                await using var context = await browser.NewContextAsync(new() { StorageState = session });
                var page = await context.NewPageAsync();
                var (first, second) = (await PaintAsync(page, new(dashboard, path)), await PaintAsync(page, new(dashboard, path)));
                if (i >= 0)
                {
                    paints.Add(first);
                    again.Add(second);
                }
            }

            (worst, worstAgain) = (Math.Max(worst, Report.Median(paints)), Math.Max(worstAgain, Report.Median(again)));
            Report.Line($"{Uri.UnescapeDataString(path),-44} {Report.Median(paints),6:0} {paints.Max(),9:0} {Report.Median(again),12:0} {again.Max(),9:0}");
        }

        Report.Line($"worst median of a first paint: {worst:0} ms with an empty cache, {worstAgain:0} ms again (needed: {Needed:0}), load {Report.LoadAverage()}");
    }

    // A tab that was elsewhere: what the page before has drawn is no part of it.
    private static async Task<double> PaintAsync(IPage page, Uri address)
    {
        await page.GotoAsync("about:blank");
        await page.GotoAsync(address.AbsoluteUri);
        return await page.EvaluateAsync<double>("new Promise(tell => new PerformanceObserver(list => tell(list.getEntries()[0].startTime)).observe({ type: 'paint', buffered: true }))");
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

using Microsoft.Playwright;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>axe-core, which finds what keeps people from using a page: contrast, names, order, keyboard.</summary>
internal static class Axe
{
    private const string Run = """
        () => axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(found => found.violations
          .filter(violation => violation.impact === "serious" || violation.impact === "critical")
          .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary}`)))
        """;

    private static readonly string Folder = Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "Dashboard");

    /// <summary>What is seriously wrong with a page.</summary>
    public static async Task<string[]> JudgeAsync(IPage page, CancellationToken cancellationToken)
    {
        await NodePackages.InstallAsync(Folder, "axe-core", cancellationToken);
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Folder, "node_modules", "axe-core", "axe.min.js"), cancellationToken));
        return await page.EvaluateAsync<string[]>(Run);
    }
}

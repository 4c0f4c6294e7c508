using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>The pages that the navigation names, in their order.</summary>
internal static class Navigation
{
    public static IReadOnlyList<NavigationEntry> Entries { get; } =
    [
        new("/", "overview", "Overview"),
        new("/events", "events", "Events"),
        new("/runs", "runs", "Runs"),
        new("/attention", "warn", "Needs you"),
        new("/rules", "rules", "Rules"),
        new("/recipes", "recipes", "Recipes"),
        new("/accounts", "accounts", "Accounts"),
        new("/sandbox", "sandbox", "Sandbox") { IsOfSandbox = true },
        new("/settings", "settings", "Settings"),
    ];
}

/// <summary>One of them.</summary>
/// <param name="Path">Its address.</param>
/// <param name="Icon">Its icon, of <see cref="Pages.Icon"/>.</param>
/// <param name="Title">Its name.</param>
internal sealed record NavigationEntry(string Path, string Icon, Phrase Title)
{
    /// <summary>Whether it is there in the sandbox alone.</summary>
    public bool IsOfSandbox { get; init; }
}

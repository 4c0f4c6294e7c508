namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>The browser of the system.</summary>
internal static class Chromium
{
    /// <summary>Where its program is.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static string Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => (string[])["chromium", "chromium-browser", "google-chrome"], Path.Combine)
        .FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("Pages are looked at with Chromium, and there is none; ./test installs it.");
}

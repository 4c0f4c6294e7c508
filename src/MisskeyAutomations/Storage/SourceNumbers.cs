namespace MisskeyAutomations.Storage;

/// <summary>The numbers under which sources are stored. A new source gets the next number; none is ever given again.</summary>
internal static class SourceNumbers
{
    private static readonly string[] Names = ["webhook", "streaming", "catch-up", "cron", "replay", "followers"];

    public static long Of(string source) => Array.IndexOf(Names, source) is >= 0 and var number
        ? number : throw new ArgumentException($"There is no source '{source}'.", nameof(source));

    public static string Name(long number) => Names[number];
}

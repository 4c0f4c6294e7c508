using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.RuleFiles;

namespace MisskeyAutomations.Cli;

/// <summary><c>--watch</c>: a command runs at once, and again whenever a file changes that it read, until it is told to end.</summary>
internal static class WatchedRuns
{
    /// <param name="path">The rules folder or file.</param>
    /// <param name="open">Opens it, with the settings as they are now.</param>
    /// <param name="run">Runs the command once.</param>
    /// <param name="language">How it is told what goes on.</param>
    /// <param name="cancellationToken">Ends it: Ctrl+C, or a signal.</param>
    /// <exception cref="CommandFailure">There is nothing to watch.</exception>
    public static async Task<int> RunAsync(
        string path, Func<RuleFolder> open, Func<RuleFolder, CancellationToken, Task> run, Translation language, CancellationToken cancellationToken)
    {
        var folder = open();
        var watch = new FileWatch(path, () => TryFingerprint(folder), TimeProvider.System);
        try
        {
            while (true)
            {
                Console.WriteLine($"{TimeProvider.System.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {path}");
                var settings = StampOfSettings();
                var isOpen = false;
                try
                {
                    folder = open();
                    isOpen = true;
                    await run(folder, cancellationToken);
                }
                catch (CommandFailure failure)
                {
                    CommandLine.Tell(failure.Sentence.In(language));
                }
                catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
                {
                    CommandLine.Tell(trouble.Message);
                }

                Console.WriteLine($"{Phrase.Of($"Runs again when a file changes; Ctrl+C ends it.").In(language)}\n");

                // What was read counts, though it may be gone by now.
                await watch.NextAsync(settings + (isOpen || folder.Exists ? folder.LastRead : null), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Done;
        }
    }

    // A folder that is gone is a change, and so is one that is there again.
    private static string? TryFingerprint(RuleFolder folder)
    {
        try
        {
            return StampOfSettings() + (folder.Exists ? folder.Fingerprint() : null);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string StampOfSettings() => RuleFileText.StampOf(EngineSettings.FileName) + '\n';
}

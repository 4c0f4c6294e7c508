using System.Runtime.InteropServices;

namespace MisskeyAutomations.Cli;

/// <summary>
/// Ends the program at once when it is told to a second time, while it still finishes what was on its way. Nothing is lost by that: what was
/// accepted is on disk, and a request that was cut off is looked for at the next start.
/// </summary>
internal sealed class SecondSignal : IDisposable
{
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    private SecondSignal() => _signals = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT }.Select(signal => PosixSignalRegistration.Create(signal, Take))];

    /// <summary>Begins to count; to be called once the command line heeds signals itself, for the latest who listens hears them first.</summary>
    public static SecondSignal Listen() => new();

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            CommandLine.Tell("It was told twice to end and ends at once; what was on its way is looked for at the next start.");
            Environment.Exit(ExitCodes.EndedAtOnce);
        }
    }
}

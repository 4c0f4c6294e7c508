using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Tells whoever listens what the engine does, as it does it. Listeners must be quick and must not throw.</summary>
public sealed class LiveFeed
{
    /// <summary>An event was decided.</summary>
    public event Action<Event, IReadOnlyList<Verdict>>? Decided;

    /// <summary>A run changed: it ended, waits, or finished a step (then with that step).</summary>
    public event Action<Run, Step?>? Changed;

    /// <summary>An account was paused: its name and the reason. Told once for each pause.</summary>
    public event Action<string, string>? Paused;

    /// <summary>A paused account is taken again: its name. What was held back may go on.</summary>
    public event Action<string>? Resumed;

    /// <summary>A server failed again and again and is left alone: its name.</summary>
    public event Action<string>? Lost;

    /// <summary>A server that was left alone answers again: its name.</summary>
    public event Action<string>? FoundAgain;

    /// <summary>An account answers somebody no more until they have been quiet for a while: its name and a sentence. Told once for each time.</summary>
    public event Action<string, string>? LoopBroken;

    /// <summary>Tells of a decision.</summary>
    public void Tell(Event happening, IReadOnlyList<Verdict> verdicts) => Decided?.Invoke(happening, verdicts);

    /// <summary>Tells of a change.</summary>
    public void Tell(Run run, Step? step) => Changed?.Invoke(run, step);

    /// <summary>Tells of a loop that was broken.</summary>
    public void TellLoop(string account, string reason) => LoopBroken?.Invoke(account, reason);

    /// <summary>Tells of a pause.</summary>
    public void TellPaused(string account, string reason) => Paused?.Invoke(account, reason);

    /// <summary>Tells of the end of a pause.</summary>
    public void TellResumed(string account) => Resumed?.Invoke(account);

    /// <summary>Tells of a server that is left alone.</summary>
    public void TellLost(string server) => Lost?.Invoke(server);

    /// <summary>Tells of a server that answers again.</summary>
    public void TellFoundAgain(string server) => FoundAgain?.Invoke(server);
}

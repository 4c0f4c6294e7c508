using System.Diagnostics;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Named places at which a test lets the process die as by <c>kill -9</c>. Calls are compiled into builds of the configuration
/// <c>KillPoints</c> alone.
/// </summary>
public static class KillPoint
{
    /// <summary>A batch is written and not committed.</summary>
    public const string BeforeCommit = "before-commit";

    /// <summary>A batch is committed and nobody knows yet.</summary>
    public const string AfterCommit = "after-commit";

    /// <summary>An event is about to be decided.</summary>
    public const string Deciding = "deciding";

    /// <summary>What was decided is committed, and its runs are not at work yet.</summary>
    public const string Decided = "decided";

    /// <summary>A step is about to be prepared.</summary>
    public const string BeforeIntent = "before-intent";

    /// <summary>Its arguments are about to be worked out.</summary>
    public const string Rendering = "rendering";

    /// <summary>Its intent is committed, and nothing is sent.</summary>
    public const string AfterIntent = "after-intent";

    /// <summary>Its answer is there and not written down.</summary>
    public const string AfterAnswer = "after-answer";

    /// <summary>Its outcome is committed.</summary>
    public const string AfterOutcome = "after-outcome";

    /// <summary>A step of unknown effect is about to be looked for.</summary>
    public const string BeforeLook = "before-look";

    /// <summary>Its effect was found and is not written down.</summary>
    public const string Found = "found";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [BeforeCommit, AfterCommit, Deciding, Decided, BeforeIntent, Rendering, AfterIntent, AfterAnswer, AfterOutcome, BeforeLook, Found];

    /// <summary>Dies here if <c>MKA_KILL_AT</c> says <c>NAME</c>, <c>NAME:3</c> (the third time it passes), or <c>NAME@TEXT</c> (where <paramref name="about"/> has it).</summary>
    /// <param name="name">The place.</param>
    /// <param name="about">What it is at.</param>
    [Conditional("KILL_POINTS")]
    public static void Reach(string name, Func<string>? about = null)
    {
#if KILL_POINTS
        if (Wanted.Name == name && (Wanted.Text.Length == 0 || about?.Invoke().Contains(Wanted.Text, StringComparison.Ordinal) == true)
            && Interlocked.Increment(ref Passes) == Wanted.Time)
        {
            Process.GetCurrentProcess().Kill();
        }
#else
        _ = (name, about);
#endif
    }

#if KILL_POINTS
    private static readonly (string Name, int Time, string Text) Wanted = Read(Environment.GetEnvironmentVariable("MKA_KILL_AT") ?? "");
    private static int Passes;

    private static (string Name, int Time, string Text) Read(string written)
    {
        var at = written.Split('@', 2);
        var times = at[0].Split(':', 2);
        return (times[0], times.Length > 1 ? int.Parse(times[1], System.Globalization.CultureInfo.InvariantCulture) : 1, at.Length > 1 ? at[1] : "");
    }
#endif
}

using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary>What the program's end says to whoever started it (after <c>sysexits.h</c>).</summary>
internal static class ExitCodes
{
    public const int Done = 0;

    /// <summary><c>validate</c> or <c>test</c> found something, or a file is not formatted.</summary>
    public const int Findings = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 64;

    /// <summary>The rules have errors, so the engine did not start.</summary>
    public const int BadRules = 65;

    /// <summary>A fault of ours.</summary>
    public const int Internal = 70;

    /// <summary>Another instance runs on the same data.</summary>
    public const int Locked = 73;

    /// <summary>Files or the database cannot be used.</summary>
    public const int Storage = 74;

    /// <summary>Something is in the way for now, such as a busy port: try again.</summary>
    public const int Temporary = 75;

    /// <summary>The configuration is wrong.</summary>
    public const int Configuration = 78;

    /// <summary>It was told to end a second time before it had finished what was on its way: as after SIGTERM.</summary>
    public const int EndedAtOnce = 143;
}

/// <summary>Why the program cannot do what it was asked: one sentence that says what to do.</summary>
internal sealed class CommandFailure(int exitCode, Phrase sentence, Exception? inner = null) : Exception(sentence.ToString(), inner)
{
    public int ExitCode { get; } = exitCode;

    public Phrase Sentence { get; } = sentence;
}

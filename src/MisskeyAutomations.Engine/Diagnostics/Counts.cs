namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Numbers of things in words: one in the singular, else in the plural.</summary>
public static class Counts
{
    /// <summary>Such as <c>1 error</c>.</summary>
    public static Phrase Errors(int count) => count == 1 ? Phrase.Of($"{count} error") : Phrase.Of($"{count} errors");

    /// <summary>Such as <c>1 warning</c>.</summary>
    public static Phrase Warnings(int count) => count == 1 ? Phrase.Of($"{count} warning") : Phrase.Of($"{count} warnings");

    /// <summary>Such as <c>1 file</c>.</summary>
    public static Phrase Files(int count) => count == 1 ? Phrase.Of($"{count} file") : Phrase.Of($"{count} files");

    /// <summary>Such as <c>1 rule</c>.</summary>
    public static Phrase Rules(int count) => count == 1 ? Phrase.Of($"{count} rule") : Phrase.Of($"{count} rules");

    /// <summary>Such as <c>1 argument</c>.</summary>
    public static Phrase Arguments(int count) => count == 1 ? Phrase.Of($"{count} argument") : Phrase.Of($"{count} arguments");
}

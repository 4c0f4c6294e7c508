namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>A half-open range of UTF-16 code units in a <see cref="SourceText"/>: <c>Start</c> inclusive, <c>End</c> exclusive.</summary>
/// <param name="Start">First code unit, from 0.</param>
/// <param name="End">One past the last code unit; equal to <paramref name="Start"/> for a place between two characters.</param>
public readonly record struct TextSpan(int Start, int End)
{
    /// <summary>Number of UTF-16 code units.</summary>
    public int Length => End - Start;
}

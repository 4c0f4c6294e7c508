using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Connecting;

/// <summary>A step of something that takes its time, told as it is made.</summary>
/// <param name="Sentence">For whoever waits.</param>
internal sealed record Progress(Phrase Sentence)
{
    /// <summary>Where a person is to go; null where nobody has to.</summary>
    public Uri? Link { get; init; }

    /// <summary>A secret that the person must see to go on, such as to write it into Misskey; null for none.</summary>
    public string? Shown { get; init; }
}

/// <summary>Takes what is told.</summary>
internal delegate Task Teller(Progress progress);

/// <summary>Why an account cannot be connected or changed: a sentence that says what to do.</summary>
internal sealed class ConnectingException(Phrase sentence, bool isTemporary = false) : Exception(sentence.ToString())
{
    public Phrase Sentence { get; } = sentence;

    /// <summary>Whether the same may work later.</summary>
    public bool IsTemporary { get; } = isTemporary;
}

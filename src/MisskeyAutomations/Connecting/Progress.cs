using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Connecting;

/// <summary>A step of something that takes its time, told as it is made.</summary>
/// <param name="Sentence">For whoever waits.</param>
internal sealed record Progress(Phrase Sentence)
{
    /// <summary>The same for whoever waits before a page, not a terminal; null where it needs no other words.</summary>
    public Phrase? OnPage { get; init; }

    /// <summary>Where a person is to go; null where nobody has to.</summary>
    public Uri? Link { get; init; }

    /// <summary>A secret that the person must see to go on, such as to write it into Misskey; null for none.</summary>
    public string? Shown { get; init; }
}

/// <summary>Takes what is told.</summary>
internal delegate Task Teller(Progress progress);

/// <summary>Why an account cannot be connected or changed: a sentence that says what to do.</summary>
/// <param name="sentence">For whoever sits before a terminal.</param>
/// <param name="isTemporary">Whether the same may work later.</param>
/// <param name="onPage">For whoever sits before a page; null where it needs no other words.</param>
internal sealed class ConnectingException(Phrase sentence, bool isTemporary = false, Phrase? onPage = null) : Exception(sentence.ToString())
{
    public Phrase Sentence { get; } = sentence;

    /// <summary>The same in the words of a page.</summary>
    public Phrase OnPage { get; } = onPage ?? sentence;

    /// <summary>Whether the same may work later.</summary>
    public bool IsTemporary { get; } = isTemporary;
}

using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Checkup;

/// <summary>How much a finding matters.</summary>
internal enum Mark
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>It works, but something should be looked at.</summary>
    Doubtful,

    /// <summary>Something does not work.</summary>
    Bad,
}

/// <summary>What a look at one thing found.</summary>
/// <param name="Check">What was looked at: a word that stays the same, for machines.</param>
/// <param name="Mark">How it stands.</param>
/// <param name="Sentence">What was found; where it is not good, what to do.</param>
internal sealed record Finding(string Check, Mark Mark, Phrase Sentence)
{
    public static Finding Good(string check, Phrase sentence) => new(check, Mark.Good, sentence);

    public static Finding Doubtful(string check, Phrase sentence) => new(check, Mark.Doubtful, sentence);

    public static Finding Bad(string check, Phrase sentence) => new(check, Mark.Bad, sentence);
}

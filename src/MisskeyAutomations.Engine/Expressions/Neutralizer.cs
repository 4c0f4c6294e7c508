namespace MisskeyAutomations.Engine.Expressions;

/// <summary>Makes text of events harmless where Misskey reads markup: it pings nobody, calls no function and links nowhere.</summary>
public static class Neutralizer
{
    /// <summary>
    /// The text as it may be posted: what a rule file wrote is kept, mentions, hashtags, MFM functions, links and closing tags that
    /// hold any character of data are broken by a zero-width space or a full-width sign.
    /// </summary>
    public static string Neutralize(MarkedText text) => NeutralPass.Run(text);
}

using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Words that several pages use.</summary>
internal static class Texts
{
    /// <summary>Such as <c>1 account</c>.</summary>
    public static Phrase Accounts(int count) => count == 1 ? Phrase.Of($"{count} account") : Phrase.Of($"{count} accounts");
}

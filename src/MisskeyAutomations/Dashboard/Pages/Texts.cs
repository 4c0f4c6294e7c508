using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Words that several pages use.</summary>
internal static class Texts
{
    /// <summary>What Misskey's settings call a permission.</summary>
    public static Phrase Permission(string permission) => Permissions.TitleOf(permission) ?? permission;

    /// <summary>Such as <c>1 account</c>.</summary>
    public static Phrase Accounts(int count) => count == 1 ? Phrase.Of($"{count} account") : Phrase.Of($"{count} accounts");
}

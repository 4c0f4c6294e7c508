using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Words that several pages use.</summary>
internal static class Texts
{
    /// <summary>What Misskey's settings call a permission.</summary>
    public static Phrase Permission(string permission) => Permissions.TitleOf(permission) ?? permission;

    /// <summary>How long something takes or took, such as <c>340 ms</c>, <c>2.5 s</c>, <c>0:03:12</c> and <c>27:00:00</c>.</summary>
    public static string Duration(TimeSpan length) => length switch
    {
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, length.TotalMilliseconds):0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0.0} s"),
        _ => Countdown(length),
    };

    /// <summary>How long it is until something, in hours, minutes and seconds: <c>27:03:12</c>.</summary>
    public static string Countdown(TimeSpan left) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(left.TotalHours):0}:{left:mm\\:ss}");

    /// <summary>Such as <c>1 account</c>.</summary>
    public static Phrase Accounts(int count) => count == 1 ? Phrase.Of($"{count} account") : Phrase.Of($"{count} accounts");
}

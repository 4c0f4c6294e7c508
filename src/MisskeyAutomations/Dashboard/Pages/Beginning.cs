using System.Globalization;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Where a list is to begin, as its address says.</summary>
internal static class Beginning
{
    /// <summary>Reads it. The number before which it begins, null for the newest; or what is wrong with it.</summary>
    public static (long? Before, Phrase? Trouble) Read(string? before) =>
        string.IsNullOrEmpty(before) ? (null, null)
        : long.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (number, null)
        : (null, Phrase.Of($"'{before}' is no number from which a list could begin. These are the newest; the button below leads to older ones."));
}

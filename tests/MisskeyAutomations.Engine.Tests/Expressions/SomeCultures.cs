namespace MisskeyAutomations.Engine.Tests.Expressions;

/// <summary>Cultures with other commas, calendars, digits, signs and letter cases; the empty name is the invariant one.</summary>
internal static class SomeCultures
{
    public static readonly string[] All =
    [
        "", "tr-TR", "de-DE", "ar-SA", "th-TH", "fa-IR", "ja-JP", "fr-FR", "sv-SE", "hi-IN", "he-IL", "da-DK", "fr-CH", "lt-LT", "az-Latn-AZ", "en-US",
    ];
}

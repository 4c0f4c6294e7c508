using System.Globalization;

namespace MisskeyAutomations.Tests;

/// <summary>How much of a thing a test does, and by which seed, where whoever starts it says so in the environment.</summary>
internal static class Numbers
{
    /// <summary>The number in a variable such as <c>MKA_SEED</c>; null when there is none.</summary>
    public static int? Of(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}

using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Connecting;

/// <summary>Where the webhooks of an account come to.</summary>
internal static class HookAddress
{
    /// <summary>Behind the address at which the engine is reached from outside.</summary>
    public static Uri Of(Uri publicUrl, string account) => new($"{publicUrl.AbsoluteUri.TrimEnd('/')}/hooks/{account}");

    /// <summary>Whether a webhook at Misskey comes there.</summary>
    public static bool IsAt(string url, Uri address) =>
        WebAddress.TryRead(url, out var uri) && uri.GetLeftPart(UriPartial.Path) == address.GetLeftPart(UriPartial.Path);
}

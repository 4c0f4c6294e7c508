using System.Diagnostics.CodeAnalysis;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>Registers the folder.</summary>
internal static class ConnectingSetup
{
    /// <summary>Accounts that come and go while the engine runs.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="keys">The directory of the keys that their secrets are encrypted with.</param>
    /// <param name="publicUrl">Where the engine is reached from outside; null where it is not.</param>
    public static IServiceCollection AddConnecting(this IServiceCollection services, string keys, Uri? publicUrl) => services
        .AddSingleton(new PublicAddress(publicUrl))
        .AddSingleton(_ => new AccountSeal(keys))
        .AddSingleton<ConnectedAccounts>()
        .AddSingleton<TokenProbe>()
        .AddSingleton<TokenOwner>()
        .AddSingleton<MisskeyHooks>()
        .AddSingleton<ServerLook>()
        .AddSingleton<MiAuth>()
        .AddSingleton<HookMaker>()
        .AddSingleton<Proof>()
        .AddSingleton<StreamProof>()
        .AddSingleton<Connector>()
        .AddSingleton<SecretRotation>()
        .AddSingleton<Disconnector>()
        .AddHostedService<AccountUpkeep>();
}

/// <summary>Where the engine is reached from outside.</summary>
/// <param name="Url">Null where it is not.</param>
internal sealed record PublicAddress(Uri? Url)
{
    /// <summary>Reads one. False when it is no address behind which webhooks can be.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Uri? url) =>
        WebAddress.TryRead(text.Trim(), out url) && url is { Query: "", Fragment: "", UserInfo: "" };
}

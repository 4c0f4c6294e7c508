using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MisskeyAutomations.Sockets;

namespace MisskeyAutomations.Outside;

internal static class OutsideServices
{
    /// <summary>What calls servers of the rules' choice.</summary>
    public static IServiceCollection AddOutside(this IServiceCollection services, OutsideOptions options)
    {
        services.TryAddSingleton<Resolve>(Dns.GetHostAddressesAsync);
        services.TryAddSingleton<Connect>(Dialing.OpenAsync);
        return services
            .AddSingleton(options)
            .AddSingleton(provider => new AddressGuard(options, provider.GetRequiredService<Resolve>(), () => PortsOf(provider.GetService<IServer>())))
            .AddSingleton<OutsideClient>();
    }

    private static int[] PortsOf(IServer? server) =>
    [
        .. (server?.Features.Get<IServerAddressesFeature>()?.Addresses ?? []).Where(address => !address.StartsWith("http://unix:", StringComparison.Ordinal))
            .Select(address => BindingAddress.Parse(address).Port),
    ];
}

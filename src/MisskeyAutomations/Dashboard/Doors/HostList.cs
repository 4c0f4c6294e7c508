using System.Net;

namespace MisskeyAutomations.Dashboard.Doors;

/// <summary>
/// The names that the dashboard answers to. A page of a stranger whose name is made to point here (DNS rebinding) calls it by that name, and gets
/// nothing. Bare addresses cannot be made to point elsewhere, so they are answered.
/// </summary>
internal sealed class HostList(DashboardOptions options)
{
    private const string Local = "localhost";

    private readonly HashSet<string> _names = [.. options.Hosts.Select(Plain)];

    /// <summary>Whether a request names one of them.</summary>
    public bool Has(HostString host) => host.HasValue && Plain(host.Host) is var name
        && (IPAddress.TryParse(name.Trim('[', ']'), out _) || name == Local || name.EndsWith($".{Local}", StringComparison.Ordinal) || _names.Contains(name));

    private static string Plain(string host) => host.TrimEnd('.').ToLowerInvariant();
}

using System.Collections.Frozen;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>All endpoints by name.</summary>
internal sealed class ApiCatalogue(IEnumerable<ApiEndpoint> endpoints)
{
    private readonly FrozenDictionary<string, ApiEndpoint> _byName =
        endpoints.ToFrozenDictionary(endpoint => endpoint.Name, StringComparer.Ordinal);

    public IEnumerable<ApiEndpoint> Endpoints => _byName.Values;

    public ApiEndpoint? Find(string name) => _byName.GetValueOrDefault(name);
}

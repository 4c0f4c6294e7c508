namespace MisskeyAutomations.Sandbox.Json;

/// <summary>What the server says to strangers about its software: NodeInfo 2.1.</summary>
internal static class NodeJson
{
    public static string? At(string path, string origin) => path switch
    {
        "/.well-known/nodeinfo" => $$"""{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"{{origin}}/nodeinfo/2.1"}]}""",
        "/nodeinfo/2.1" => $$$"""
            {"version":"2.1","software":{"name":"misskey","version":"{{{ServerJson.Version}}}","homepage":"https://misskey-hub.net/","repository":"https://github.com/misskey-dev/misskey"},
            "protocols":["activitypub"],"services":{"inbound":[],"outbound":["atom1.0","rss2.0"]},"openRegistrations":false,"usage":{"users":{}},"metadata":{}}
            """,
        _ => null,
    };
}

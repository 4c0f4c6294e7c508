using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Asks a server what it runs, by what servers of the Fediverse tell strangers (<see href="https://nodeinfo.diaspora.software/protocol"/>). No
/// token goes there.
/// </summary>
internal sealed class SoftwareProbe(ServerSockets sockets, TimeProvider time) : IDisposable
{
    private const string Schema = "http://nodeinfo.diaspora.software/ns/schema/2.";

    // It only makes a sentence better: whoever is slow is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _transport = new(MisskeyServices.CreateTransport(sockets));

    /// <summary>What can be told of it; nothing of one that does not answer.</summary>
    public async Task<ServerTraits> AskAsync(Uri server, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var links = await GetAsync(new Uri(server, ".well-known/nodeinfo"), either.Token);
            var traits = new ServerTraits { Status = links.Status, MovedTo = MovedTo(server, links) };
            if (PathOf(links.Json) is not { } path)
            {
                return traits;
            }

            var software = (await GetAsync(new Uri(server, path), either.Token)).Json?.FindObject("software");
            return traits with { Software = Named(software, "name"), Version = Named(software, "version") };
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new ServerTraits();
        }
    }

    public void Dispose() => _transport.Dispose();

    private async Task<MisskeyAnswer> GetAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("User-Agent", MisskeyServices.UserAgent);
        using var response = await _transport.SendAsync(request, cancellationToken);
        return await MisskeyAnswer.ReadAsync(response, time, cancellationToken);
    }

    private static Uri? MovedTo(Uri server, MisskeyAnswer answer) =>
        answer is { Status: 301 or 302 or 307 or 308, Location: { } location } && new Uri(server, location) is { Scheme: "https" or "http" } target
            && target.GetLeftPart(UriPartial.Authority) is var origin && origin != server.GetLeftPart(UriPartial.Authority)
            ? new Uri(origin) : null;

    // Whatever host it names: a server is asked at the address at which it was found.
    private static string? PathOf(JsonElement? links) => links?.Find("links") is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray().Where(link => link.GetText("rel")?.StartsWith(Schema, StringComparison.Ordinal) is true)
            .Select(link => WebAddress.TryRead(link.GetText("href"), out var address) ? address.PathAndQuery : null).OfType<string>().LastOrDefault()
        : null;

    private static string? Named(JsonElement? software, string name) =>
        software?.GetText(name) is { Length: > 0 } text ? Words.OneLine(text, 40) : null;
}

/// <summary>What a server tells strangers about itself.</summary>
internal sealed record ServerTraits
{
    /// <summary>The HTTP status with which it answered; 0 when it did not.</summary>
    public int Status { get; init; }

    /// <summary>What it runs, such as <c>misskey</c> or <c>mastodon</c>; null when it does not tell.</summary>
    public string? Software { get; init; }

    /// <summary>The version of that; null when it does not tell.</summary>
    public string? Version { get; init; }

    /// <summary>The origin to which it sends on; null when it does not.</summary>
    public Uri? MovedTo { get; init; }
}

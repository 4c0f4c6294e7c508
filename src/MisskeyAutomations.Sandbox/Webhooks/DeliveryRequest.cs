using System.Net;
using System.Text;

namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>Makes and sends the HTTP request of a delivery exactly as recorded from Misskey.</summary>
internal sealed class DeliveryRequest(TimeSpan timeout, TimeProvider time) : IDisposable
{
    /// <summary>What Misskey notes as status when there was no HTTP answer.</summary>
    public const int NoAnswer = 1;

    private const int MostRedirects = 20;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>
    /// Sends and returns the HTTP status. The answer's body is not read. Redirects are followed, most of them by a GET without a body: what the
    /// last one answers is the status.
    /// </summary>
    public async Task<int> SendAsync(Delivery delivery, string host, CancellationToken cancellationToken)
    {
        // A secret outside Latin-1, an address that is none and one with user information fail before anything is sent.
        if (delivery.Secret.AsSpan().ContainsAnyExceptInRange('\u0020', '\u00FF')
            || !Uri.TryCreate(delivery.Url, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0)
        {
            return NoAnswer;
        }
        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await FollowAsync(delivery, url, host, either.Token);
        }
        catch (HttpRequestException)
        {
            return NoAnswer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return NoAnswer;
        }
    }

    private async Task<int> FollowAsync(Delivery delivery, Uri url, string host, CancellationToken cancellationToken)
    {
        var hasBody = true;
        for (var redirects = 0; redirects <= MostRedirects && url.Scheme is "http" or "https"; redirects++)
        {
            using var request = Create(delivery, url, host, hasBody);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            if (status is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return status;
            }

            (url, hasBody) = (new Uri(url, location), hasBody && status is 307 or 308);
        }

        return NoAnswer;
    }

    private static HttpRequestMessage Create(Delivery delivery, Uri url, string host, bool hasBody)
    {
        var request = new HttpRequestMessage(hasBody ? HttpMethod.Post : HttpMethod.Get, url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = hasBody ? new ByteArrayContent(delivery.Body) : null,
        };
        request.Content?.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "Misskey-Hooks");
        request.Headers.TryAddWithoutValidation("X-Misskey-Host", host);
        request.Headers.TryAddWithoutValidation("X-Misskey-Hook-Id", delivery.Hook.Id);
        request.Headers.TryAddWithoutValidation("X-Misskey-Hook-Secret", delivery.Secret);
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, deflate, br");
        return request;
    }

    public void Dispose() => _http.Dispose();
}

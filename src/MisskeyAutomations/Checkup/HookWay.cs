using System.Net.Http.Headers;
using System.Text;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sockets;

namespace MisskeyAutomations.Checkup;

/// <summary>
/// Goes the way of a webhook from outside: posts what Misskey's test button does to the public address, and looks what answers. The engine
/// records it as a test; no rule is asked.
/// </summary>
internal sealed class HookWay(TimeProvider time) : IDisposable
{
    // For so long Misskey waits.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = UntrustedCertificateException.Check },
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // Our own patience, on our own clock.
    };

    /// <summary>What answers there.</summary>
    public async Task<Finding> LookAsync(Uri url, Account account, string hookId, string userId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(Dummy(account, hookId, userId), Encoding.UTF8) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("X-Misskey-Hook-Id", hookId);
        request.Headers.TryAddWithoutValidation("X-Misskey-Hook-Secret", account.HookSecrets[0].Reveal());
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var begin = time.GetTimestamp();
        try
        {
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return Judge(url, (int)answer.StatusCode, answer.Headers.Location, time.GetElapsedTime(begin));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Finding.Bad("way", $"{url} does not answer within 5 s, after which Misskey gives up. Look at the proxy, and at the load of this machine.");
        }
        catch (HttpRequestException trouble)
        {
            var reason = FaultSentence.Of(trouble, hasBegun: false);
            return Finding.Bad("way", $"{url} cannot be reached from here: {reason} Start the engine, and look at the proxy. (Behind some routers an own address is reached from outside alone.)");
        }
    }

    public void Dispose() => _http.Dispose();

    private static Finding Judge(Uri url, int status, Uri? location, TimeSpan after) => status switch
    {
        204 => after >= Slow ? Finding.Doubtful("way", $"{url} takes {after.TotalSeconds:0.0} s to answer; after 5 s Misskey gives up. Look at the load of this machine.")
            : Finding.Good("way", $"A webhook to {url} is taken after {after.TotalMilliseconds:0} ms."),
        >= 300 and < 400 => Finding.Bad("way", $"{url} redirects to {(location is null ? "?" : Words.OneLine(location.ToString(), 200))} (HTTP {status}). A redirected webhook arrives as a GET, Misskey counts it as delivered, and it is lost: let the proxy pass /hooks/ on as it is, or give Misskey the address that it leads to."),
        401 => Finding.Bad("way", $"{url} is answered with 401: the engine that listens there does not know the secret. Is it another one, or one that was started with other settings?"),
        404 => Finding.Bad("way", $"{url} is answered with 404: the proxy does not pass /hooks/ on to the engine."),
        405 => Finding.Bad("way", $"{url} is answered with 405: the proxy changes the POST. Let it pass /hooks/ on as it is."),
        413 => Finding.Bad("way", $"{url} is answered with 413: the proxy takes no bodies of this size. Allow 1 MiB."),
        502 or 503 or 504 => Finding.Bad("way", $"{url} is answered with {status}: the engine does not run, or the proxy does not reach it."),
        >= 200 and < 300 => Finding.Bad("way", $"{url} is answered with {status}, but not by the engine: something else takes the webhooks there, and they are lost."),
        _ => Finding.Bad("way", $"{url} is answered with {status}. Look at the log of the proxy."),
    };

    private string Dummy(Account account, string hookId, string userId) => RequestBody.Write(json =>
    {
        json.WriteString("server", account.Server.GetLeftPart(UriPartial.Authority));
        json.WriteString("hookId", hookId);
        json.WriteString("userId", userId);
        json.WriteString("eventId", Guid.NewGuid());
        json.WriteNumber("createdAt", time.GetUtcNow().ToUnixTimeMilliseconds());
        json.WriteString("type", "note");
        json.WriteStartObject("body");
        json.WriteStartObject("note");
        json.WriteString("id", "dummy-note-doctor");
        json.WriteString("userId", userId);
        json.WriteString("text", "doctor");
        json.WriteString("visibility", "specified");
        json.WriteEndObject();
        json.WriteEndObject();
    });
}

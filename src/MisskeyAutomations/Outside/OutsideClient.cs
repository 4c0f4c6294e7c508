using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using MisskeyAutomations.Sockets;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Outside;

/// <summary>
/// Sends requests to servers of the rules' choice. Nothing is followed, negotiated or repeated behind our back, no proxy of the
/// environment is asked, no cookie is kept, and no account's token ever comes here.
/// </summary>
internal sealed class OutsideClient : IDisposable
{
    private static readonly string Version = typeof(OutsideClient).Assembly.GetName().Version!.ToString(fieldCount: 3);
    private static readonly TimeSpan LongestConnecting = TimeSpan.FromSeconds(5);

    private readonly AddressGuard _guard;
    private readonly Connect _connect;
    private readonly TimeProvider _time;
    private readonly HostBreaker _breaker;
    private readonly HttpClient _client;

    public OutsideClient(AddressGuard guard, Connect connect, TimeProvider time)
    {
        _guard = guard;
        _connect = connect;
        _time = time;
        _breaker = new HostBreaker(time);
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = LongestConnecting,
            PooledConnectionLifetime = TimeSpan.Zero, // Every call is checked anew, and none meets a connection that is just being closed.
            MaxResponseHeadersLength = 64,
            RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8,
            ConnectCallback = ConnectAsync,
            SslOptions = { RemoteCertificateValidationCallback = UntrustedCertificateException.Check },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // The request's patience, on our own clock.
        };
    }

    /// <summary>Sends once.</summary>
    /// <exception cref="RefusedAddressException">The host may not be called; nothing was sent.</exception>
    /// <exception cref="OutsideFaultException">There is no answer.</exception>
    public async Task<OutsideAnswer> SendAsync(OutsideRequest request, CancellationToken cancellationToken)
    {
        using var span = Spans.CallOutside();
        var begin = Stopwatch.GetTimestamp();
        var result = "fault";
        try
        {
            var answer = await SendOnceAsync(request, cancellationToken);
            result = answer.Status switch { < 300 => "2xx", < 400 => "3xx", < 500 => "4xx", _ => "5xx" };
            return answer;
        }
        catch (RefusedAddressException)
        {
            result = "refused_address";
            throw;
        }
        finally
        {
            Measures.CalledOutside(result, begin);
            span.End(result, isWell: result is "2xx");
        }
    }

    private async Task<OutsideAnswer> SendOnceAsync(OutsideRequest request, CancellationToken cancellationToken)
    {
        var host = request.Address.Authority;
        if (_breaker.IsOpen(host))
        {
            throw new OutsideFaultException(new HostLeftAloneException(), mayHaveArrived: false);
        }

        using var message = Write(request);
        using var patience = new CancellationTokenSource(request.Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var response = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
            _breaker.Tell(host, isWell: response.StatusCode <= HttpStatusCode.InternalServerError);
            return await ReadAsync(response, request.MaxBytes, either.Token);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            for (var cause = fault; cause is not null; cause = cause.InnerException)
            {
                if (cause is RefusedAddressException refused)
                {
                    throw new RefusedAddressException(refused.Message);
                }
            }

            _breaker.Tell(host, isWell: cancellationToken.IsCancellationRequested);
            throw new OutsideFaultException(fault, MayHaveArrived(fault));
        }
    }

    public void Dispose() => _client.Dispose();

    // What the transport could not connect was never sent; of everything else nobody knows.
    private static bool MayHaveArrived(Exception fault) => fault is not HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError,
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var targets = await _guard.CheckAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken);
        return await Dialing.ToFirstAsync(targets, _connect, cancellationToken);
    }

    private static HttpRequestMessage Write(OutsideRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        message.Headers.ExpectContinue = false;
        message.Headers.UserAgent.Add(new ProductInfoHeaderValue("MisskeyAutomations", Version));
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        foreach (var (name, value) in request.Headers)
        {
            if (name.Equals("User-Agent", StringComparison.OrdinalIgnoreCase))
            {
                message.Headers.UserAgent.Clear();
            }

            // Headers of the body, such as Content-Language, are refused among the others.
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.Remove(name);
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private static async Task<OutsideAnswer> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        var (body, isTooLong) = await ReadBodyAsync(response.Content, maxBytes, cancellationToken);
        var location = response.Headers.Location;
        return new OutsideAnswer
        {
            Status = (int)response.StatusCode,
            Headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
                .GroupBy(header => header.Key.ToLowerInvariant(), header => header.Value.ToString(), StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => string.Join(", ", group), StringComparer.Ordinal),
            Body = body,
            IsTooLong = isTooLong,
            MediaType = response.Content.Headers.ContentType?.MediaType,
            RetryAfter = response.Headers.RetryAfter,
            RedirectHost = location is { IsAbsoluteUri: true } ? location.Host : null,
        };
    }

    // The status is known by now: an end that comes too early or too late costs the body, not the answer.
    private static async Task<(byte[]? Body, bool IsTooLong)> ReadBodyAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxBytes)
        {
            return (null, true);
        }

        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            using var body = new MemoryStream();
            var chunk = new byte[32 * 1024];
            int read;
            while ((read = await stream.ReadAsync(chunk, cancellationToken)) > 0)
            {
                if (body.Length + read > maxBytes)
                {
                    return (null, true);
                }

                body.Write(chunk, 0, read);
            }

            return (body.ToArray(), false);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException)
        {
            return (null, false);
        }
    }
}

using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Webhooks;

/// <summary>
/// The door: <c>POST /hooks/{account}</c>. 204 means that the delivery is on disk. A 4xx is final for Misskey, so it is given only for
/// what can never become valid; everything that can heal is a 503, which Misskey tries again.
/// </summary>
internal sealed partial class WebhookEndpoint(
    AccountDirectory accounts, Turnstile turnstile, IInbox inbox, TimeProvider time, ILogger<WebhookEndpoint> logger)
{
    /// <summary>How large a body may be. The largest notes with nested quotes take a tenth of it.</summary>
    public const int MaxBodyLength = 1024 * 1024;

    private const string RetryAfterSeconds = "60";
    private const string Source = "webhook";
    private const string Duplicate = "duplicate";

    // Misskey gives up waiting after 5 s.
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private long _lastWarning;
    private long _lastFlood;
    private long _lastFlaw;
    private long _turnedAway;
    private long _flawed;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        using var span = Spans.Receive();
        var account = accounts.Find((string)context.Request.RouteValues["account"]!);
        var refusal = await JudgeAsync(context, account, span);
        if (refusal is not (null or Duplicate))
        {
            Measures.Delivered(account?.Name ?? "", Source, "refused", refusal);
        }
        else
        {
            Measures.Delivered(account!.Name, Source, refusal is null ? "received" : Duplicate);
        }

        span?.SetTag("misskey_automations.account", account?.Name).SetTag("http.response.status_code", context.Response.StatusCode)
            .End(refusal ?? "received", isWell: context.Response.StatusCode < StatusCodes.Status500InternalServerError);
    }

    // Null when it was received; otherwise why not, in a word for the metrics.
    private async Task<string?> JudgeAsync(HttpContext context, Account? account, Activity? span)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            await AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "Misskey posts its webhooks to this address. "
                + "If a POST arrives here as a GET, a proxy in front of this server redirects it: let it pass the request on instead.");
            return "method";
        }

        if (account is null && accounts.IsClosed((string)context.Request.RouteValues["account"]!))
        {
            return await AnswerLaterAsync(context, "The account's secrets cannot be read now.", "keys");
        }

        var kind = HookSecret.KindOf(account, context.Request.Headers[HookSecret.HeaderName]);
        if (kind == HookKind.None)
        {
            WarnOfWrongSecret(account);
            await AnswerAsync(context, StatusCodes.Status401Unauthorized, "There is no such account, or the secret is wrong.");
            return "secret";
        }

        if (!turnstile.LetsIn(account!.Name, kind))
        {
            WarnOfFlood(account);
            return await AnswerLaterAsync(context, "More webhooks came for this account than are taken in a second.", "flood");
        }

        if (!IsJson(context.Request.ContentType))
        {
            await AnswerAsync(context, StatusCodes.Status415UnsupportedMediaType, "Only application/json is taken here.");
            return "content_type";
        }

        return context.Request.ContentLength > MaxBodyLength ? await AnswerTooLargeAsync(context) : await TakeAsync(context, account!, kind, span);
    }

    private async Task<string?> TakeAsync(HttpContext context, Account account, HookKind kind, Activity? span)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(context.Request, MaxBodyLength, BodyDeadline, time);
            if (body is null)
            {
                return await AnswerTooLargeAsync(context);
            }

            var scan = EnvelopeScan.Of(body.Bytes.Span);
            if (scan.Flaw is { } flaw)
            {
                WarnOfFlaw(account, flaw);
                await AnswerAsync(context, StatusCodes.Status400BadRequest, flaw);
                return "not_json";
            }

            if (KindOf(scan) is { } needed && needed != kind)
            {
                WarnOfWrongKind(account, needed);
                await AnswerAsync(context, StatusCodes.Status401Unauthorized, needed == HookKind.System
                    ? "An administrator's webhook bears the account's system-hook-secret." : "A user's webhook bears the account's hook-secret.");
                return "kind";
            }

            var delivery = DeliveryOf(account, scan, body.Bytes);
            Spans.Keep(span, account.Name, delivery.HookId, delivery.EventId);
            var isNew = await inbox.AddAsync(delivery, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return isNew ? null : Duplicate;
        }
        catch (StoreUnavailableException)
        {
            return await AnswerLaterAsync(context, "The delivery could not be stored now.", "store");
        }
        catch (TimeoutException)
        {
            context.Response.Headers.Connection = "close";
            return await AnswerLaterAsync(context, "The body did not arrive in time.", "timeout");
        }
        catch (BadHttpRequestException broken) when (broken.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            return await AnswerLaterAsync(context, "The body arrived too slowly.", "timeout");
        }
        catch (BadHttpRequestException broken) when (broken.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return await AnswerTooLargeAsync(context);
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // A chunk of more than 2 GiB and the like: the server cannot say where such a request ends.
            context.Response.Headers.Connection = "close";
            await AnswerAsync(context, StatusCodes.Status400BadRequest, "The body is not framed as HTTP asks.");
            return "framing";
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            // Nobody is there to hear an answer; Misskey tries again.
            return "gone";
        }
    }

    // Who knows the one secret must not speak for the other: a user's webhook names its user, and the administrators' types are theirs
    // alone. (A user who is one may take reportAutoResolved by a webhook of his own.)
    private static HookKind? KindOf(EnvelopeScan scan) => EventTypes.Find(scan.Type ?? "")?.Origin switch
    {
        EventOrigin.SystemWebhook => scan is { HasUserId: true, Type: "reportAutoResolved" } ? HookKind.User : HookKind.System,
        null => scan.HasUserId ? HookKind.User : null,
        _ => HookKind.User,
    };

    private NewDelivery DeliveryOf(Account account, EnvelopeScan scan, ReadOnlyMemory<byte> body) => new(
        account.Name, IdOrNull(scan.HookId) ?? "", IdOrNull(scan.EventId) ?? DigestOf(body.Span), Source, time.GetUtcNow(), body, scan.Scrubbed)
    {
        CreatedAt = scan.CreatedAt,
    };

    // An envelope without a usable id gets one of its content, so that its repetitions are still known.
    private static string DigestOf(ReadOnlySpan<byte> body)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(body, digest);
        return $"sha256:{Convert.ToHexStringLower(digest)}";
    }

    private static string? IdOrNull(string? id)
    {
        const int Longest = 128;
        return id is { Length: > 0 and <= Longest } && !id.Contains('\0', StringComparison.Ordinal) ? id : null;
    }

    private static bool IsJson(string? contentType)
    {
        const string Json = "application/json";
        var type = contentType.AsSpan();
        return type.IsEmpty || (type.StartsWith(Json, StringComparison.OrdinalIgnoreCase)
            && type[Json.Length..].TrimStart() is [] or [';', ..]);
    }

    private static async Task<string> AnswerTooLargeAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        await AnswerAsync(context, StatusCodes.Status413PayloadTooLarge, "The body is larger than 1 MiB.");
        return "size";
    }

    private static async Task<string> AnswerLaterAsync(HttpContext context, string sentence, string reason)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, sentence);
        return reason;
    }

    private static Task AnswerAsync(HttpContext context, int status, string sentence)
    {
        var text = Encoding.UTF8.GetBytes(sentence + "\n");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.ContentLength = text.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(text).AsTask();
    }

    private void WarnOfWrongSecret(Account? account)
    {
        if (account is not null && MayWarn(ref _lastWarning))
        {
            LogWrongSecret(account.Name);
        }
    }

    private void WarnOfWrongKind(Account account, HookKind needed)
    {
        if (MayWarn(ref _lastWarning))
        {
            LogWrongKind(account.Name, needed == HookKind.System ? "system-hook-secret" : "hook-secret");
        }
    }

    private void WarnOfFlood(Account account)
    {
        Interlocked.Increment(ref _turnedAway);
        if (MayWarn(ref _lastFlood))
        {
            LogFlood(Interlocked.Exchange(ref _turnedAway, 0), account.Name);
        }
    }

    private void WarnOfFlaw(Account account, string flaw)
    {
        Interlocked.Increment(ref _flawed);
        if (MayWarn(ref _lastFlaw))
        {
            LogRefused(Interlocked.Exchange(ref _flawed, 0), account.Name, flaw);
        }
    }

    // Once a minute: the owner must learn of it after a rotation, and nobody may fill the log with it.
    private bool MayWarn(ref long lastTime)
    {
        var last = Volatile.Read(ref lastTime);
        return (last == 0 || time.GetElapsedTime(last) >= WarningInterval)
            && Interlocked.CompareExchange(ref lastTime, time.GetTimestamp(), last) == last;
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Warning, Message = "A request for account {Account} was refused: it had no right secret. Misskey does not repeat it")]
    private partial void LogWrongSecret(string account);

    [LoggerMessage(EventId = 1503, Level = LogLevel.Warning, Message = "A request for account {Account} was refused: a webhook of this kind bears the {Setting}. Misskey does not repeat it")]
    private partial void LogWrongKind(string account, string setting);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "{Count} requests were refused since the last such line, the last one for account {Account}: {Flaw} Misskey does not repeat them")]
    private partial void LogRefused(long count, string account, string flaw);

    [LoggerMessage(EventId = 2180, Level = LogLevel.Warning, Message = "{Count} requests were put off since the last such line, the last one for account {Account}: more came in a second than are taken. Misskey repeats them. If that is no attack, raise `webhooks: per-second`")]
    private partial void LogFlood(long count, string account);
}

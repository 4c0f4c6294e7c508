using System.Security.Cryptography;
using System.Text;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Webhooks;

/// <summary>
/// The door: <c>POST /hooks/{account}</c>. 204 means that the delivery is on disk. A 4xx is final for Misskey, so it is given only for
/// what can never become valid; everything that can heal is a 503, which Misskey tries again.
/// </summary>
internal sealed partial class WebhookEndpoint(AccountDirectory accounts, IInbox inbox, TimeProvider time, ILogger<WebhookEndpoint> logger)
{
    /// <summary>How large a body may be. The largest notes with nested quotes take a tenth of it.</summary>
    public const int MaxBodyLength = 1024 * 1024;

    private const string RetryAfterSeconds = "60";

    // Misskey gives up waiting after 5 s.
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private long _lastWarning;

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.Headers.Allow = HttpMethods.Post;
            return AnswerAsync(context, StatusCodes.Status405MethodNotAllowed, "Misskey posts its webhooks to this address. "
                + "If a POST arrives here as a GET, a proxy in front of this server redirects it: let it pass the request on instead.");
        }

        var name = (string)context.Request.RouteValues["account"]!;
        var account = accounts.Find(name);
        if (account is null && accounts.IsClosed(name))
        {
            return AnswerLaterAsync(context, "The account's secrets cannot be read now.");
        }

        var kind = HookSecret.KindOf(account, context.Request.Headers[HookSecret.HeaderName]);
        if (kind == HookKind.None)
        {
            WarnOfWrongSecret(account);
            return AnswerAsync(context, StatusCodes.Status401Unauthorized, "There is no such account, or the secret is wrong.");
        }

        if (!IsJson(context.Request.ContentType))
        {
            return AnswerAsync(context, StatusCodes.Status415UnsupportedMediaType, "Only application/json is taken here.");
        }

        return context.Request.ContentLength > MaxBodyLength ? AnswerTooLargeAsync(context) : TakeAsync(context, account!, kind);
    }

    private async Task TakeAsync(HttpContext context, Account account, HookKind kind)
    {
        try
        {
            using var body = await RequestBody.ReadAsync(context.Request, MaxBodyLength, BodyDeadline, time);
            if (body is null)
            {
                await AnswerTooLargeAsync(context);
                return;
            }

            var scan = EnvelopeScan.Of(body.Bytes.Span);
            if (scan.Flaw is { } flaw)
            {
                LogRefused(account.Name, flaw);
                await AnswerAsync(context, StatusCodes.Status400BadRequest, flaw);
                return;
            }

            if (KindOf(scan) is { } needed && needed != kind)
            {
                WarnOfWrongKind(account, needed);
                await AnswerAsync(context, StatusCodes.Status401Unauthorized, needed == HookKind.System
                    ? "An administrator's webhook bears the account's system-hook-secret." : "A user's webhook bears the account's hook-secret.");
                return;
            }

            await inbox.AddAsync(DeliveryOf(account, scan, body.Bytes), context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        catch (StoreUnavailableException)
        {
            await AnswerLaterAsync(context, "The delivery could not be stored now.");
        }
        catch (TimeoutException)
        {
            context.Response.Headers.Connection = "close";
            await AnswerLaterAsync(context, "The body did not arrive in time.");
        }
        catch (BadHttpRequestException broken) when (broken.StatusCode == StatusCodes.Status408RequestTimeout)
        {
            await AnswerLaterAsync(context, "The body arrived too slowly.");
        }
        catch (BadHttpRequestException broken) when (broken.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await AnswerTooLargeAsync(context);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            // Nobody is there to hear an answer; Misskey tries again.
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
        account.Name, IdOrNull(scan.HookId) ?? "", IdOrNull(scan.EventId) ?? DigestOf(body.Span), "webhook", time.GetUtcNow(), body, scan.Scrubbed)
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

    private static Task AnswerTooLargeAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return AnswerAsync(context, StatusCodes.Status413PayloadTooLarge, "The body is larger than 1 MiB.");
    }

    private static Task AnswerLaterAsync(HttpContext context, string sentence)
    {
        context.Response.Headers.RetryAfter = RetryAfterSeconds;
        return AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, sentence);
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
        if (account is not null && MayWarn())
        {
            LogWrongSecret(account.Name);
        }
    }

    private void WarnOfWrongKind(Account account, HookKind needed)
    {
        if (MayWarn())
        {
            LogWrongKind(account.Name, needed == HookKind.System ? "system-hook-secret" : "hook-secret");
        }
    }

    // Once a minute: the owner must learn of it after a rotation, and nobody may fill the log with it.
    private bool MayWarn()
    {
        var last = Volatile.Read(ref _lastWarning);
        return (last == 0 || time.GetElapsedTime(last) >= WarningInterval)
            && Interlocked.CompareExchange(ref _lastWarning, time.GetTimestamp(), last) == last;
    }

    [LoggerMessage(EventId = 1501, Level = LogLevel.Warning, Message = "A request for account {Account} was refused: it had no right secret. Misskey does not repeat it")]
    private partial void LogWrongSecret(string account);

    [LoggerMessage(EventId = 1503, Level = LogLevel.Warning, Message = "A request for account {Account} was refused: a webhook of this kind bears the {Setting}. Misskey does not repeat it")]
    private partial void LogWrongKind(string account, string setting);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Warning, Message = "A request for account {Account} was refused: {Flaw}")]
    private partial void LogRefused(string account, string flaw);
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>
/// Sends alerts. A POST goes out whatever the engine is told to hold back, for it is no deed of a rule; what is written to Misskey goes the way of
/// all that is: it waits for the end of a panic and of an account's pause, and leaves alone what asks to be left alone.
/// </summary>
internal sealed class AlertSender(MisskeySender misskey, ILookups lookups, Holds holds, OutsideClient outside, TimeProvider time)
{
    private const string KeyPrefix = "whsec_";
    private const string Notify = "notifications/create";
    private const string Post = "notes/create";

    /// <summary>Tells a target. Null when it was told; otherwise why not.</summary>
    public async Task<Phrase?> SendAsync(AlertTarget target, AlertMessage message, CancellationToken cancellationToken) => target switch
    {
        AlertTarget.Http http => await PostAsync(http, message, cancellationToken),
        AlertTarget.Misskey { User: null } own => await WriteAsync(own.Account, Notify, NotificationOf(message), cancellationToken),
        AlertTarget.Misskey { User: { } user } direct => await WriteNoteAsync(direct.Account, user, message, cancellationToken),
        _ => throw new UnreachableException(),
    };

    private async Task<Phrase?> PostAsync(AlertTarget.Http target, AlertMessage message, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        List<KeyValuePair<string, string>> headers = [new("webhook-id", message.Id), new("webhook-timestamp", at)];
        if (target.Key is { } key)
        {
            headers.Add(new("webhook-signature", Sign(key.Reveal(), message.Id, at, message.Json)));
        }

        try
        {
            var answer = await outside.SendAsync(
                new()
                {
                    Method = HttpMethod.Post,
                    Address = new Uri(target.Address.Reveal()),
                    Headers = headers,
                    Body = message.Json,
                    ContentType = "application/json",
                    MaxBytes = 64 * 1024,
                    Patience = TimeSpan.FromSeconds(15),
                },
                cancellationToken);
            return answer.Status is >= 200 and < 300 ? null : Phrase.Of($"It answered with {answer.Status}.");
        }
        catch (RefusedAddressException refused)
        {
            return Phrase.Of($"{refused.Message}");
        }
        catch (OutsideFaultException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Phrase.Of("It does not answer.");
        }
    }

    /// <summary>The signature of Standard Webhooks (<see href="https://www.standardwebhooks.com"/>).</summary>
    internal static string Sign(string key, string id, string at, ReadOnlySpan<byte> body)
    {
        var bytes = key.StartsWith(KeyPrefix, StringComparison.Ordinal) ? Convert.FromBase64String(key[KeyPrefix.Length..]) : Encoding.UTF8.GetBytes(key);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{at}."), .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(bytes, signed))}";
    }

    private async Task<Phrase?> WriteNoteAsync(string account, string user, AlertMessage message, CancellationToken cancellationToken)
    {
        if (holds.Find(account, Post) is { } hold)
        {
            return Phrase.Of($"{hold.Reason}.");
        }

        return await lookups.AskAsync(account, new Lookup(LookupKind.UserShow, user), cancellationToken) switch
        {
            LookupAnswer.Found { Json: var person } when person.GetText("id") is { } id => await WriteAsync(account, Post, NoteOf(message, id), cancellationToken),
            LookupAnswer.Refused refused => Phrase.Of($"{user} was not found: {refused.Reason}"),
            _ => Phrase.Of($"{user} could not be looked up."),
        };
    }

    private async Task<Phrase?> WriteAsync(string account, string endpoint, string body, CancellationToken cancellationToken)
    {
        if (holds.Find(account, endpoint) is { } hold)
        {
            return Phrase.Of($"{hold.Reason}.");
        }

        var outcome = await misskey.SendAsync(account, endpoint, body, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (outcome is ActionOutcome.RateLimited limited)
        {
            holds.CoolDown(account, endpoint, limited.RetryAfter);
        }

        // A notification told twice does no harm; a note is not made twice.
        return outcome is ActionOutcome.Done || (outcome is ActionOutcome.Uncertain && endpoint == Post) ? null : Reasons.Told(outcome);
    }

    private static string NotificationOf(AlertMessage message) => RequestBody.Write(json =>
    {
        json.WriteString("header", "MisskeyAutomations");
        json.WriteString("body", message.Text);
    });

    // Whatever stands in it calls nobody but its recipient.
    private static string NoteOf(AlertMessage message, string recipient) => RequestBody.Write(json =>
    {
        json.WriteString("visibility", "specified");
        json.WriteStartArray("visibleUserIds");
        json.WriteStringValue(recipient);
        json.WriteEndArray();
        json.WriteString("text", $"<plain>{message.Text.Replace("</plain>", "", StringComparison.OrdinalIgnoreCase)}</plain>");
        json.WriteBoolean("noExtractMentions", value: true);
        json.WriteBoolean("noExtractHashtags", value: true);
        json.WriteBoolean("noExtractEmojis", value: true);
    });
}

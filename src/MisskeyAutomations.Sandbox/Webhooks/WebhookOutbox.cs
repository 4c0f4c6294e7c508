using System.Buffers;
using System.Text.Json;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Sandbox.Streaming;

namespace MisskeyAutomations.Sandbox.Webhooks;

/// <summary>
/// Turns an event into deliveries, one for every active hook of the account that lists its type, and tells those who listen to the account's
/// stream: the same, but bare, and never the account's own notes.
/// </summary>
internal sealed class WebhookOutbox(WorldState state, DeliveryQueue queue, StreamHub streams)
{
    public void Note(Account owner, string type, Note note)
    {
        // A mention is packed as its receiver sees it and may be hidden; the other types show everything to anybody.
        Tell(owner, type, "note", type is "mention" ? json => NoteJson.Write(json, note, owner) : json => NoteJson.WriteUnhidden(json, note),
            isStreamed: type is not "note" && !(type is "mention" && state.IsMuting(owner, note.Author)));
    }

    /// <summary><c>follow</c> and <c>unfollow</c>: the other account in detail, with the relation as it is now.</summary>
    public void Followee(Account owner, string type, Account followee) =>
        Tell(owner, type, "user", json => UserJson.WriteDetailed(json, followee, owner), isStreamed: true);

    public void Followed(Account owner, Account follower) =>
        Tell(owner, "followed", "user", json => UserJson.WriteLite(json, follower), isStreamed: true);

    /// <summary>Somebody asks to follow: no webhook tells of it.</summary>
    public void Requested(Account owner, Account follower) => streams.TellMain(owner, "receiveFollowRequest", json => UserJson.WriteLite(json, follower));

    /// <summary>The account itself looks otherwise now: no webhook tells of it.</summary>
    public void Changed(Account owner) => streams.TellMain(owner, "meUpdated", json => UserJson.WriteDetailed(json, owner, owner));

    /// <summary>The dummy delivery of <c>i/webhooks/test</c>: one try, whatever the hook listens to, active or not.</summary>
    public void Test(Webhook hook, string type, string? url, string? secret)
    {
        if (DummyPayload.Body(type, state.Now) is { } body)
        {
            var eventId = NewEventId();
            queue.Add(new Delivery(
                hook, eventId, type, url ?? hook.Url, secret ?? hook.Secret, Envelope(hook, eventId, type, body), MaximumAttempts: 1));
        }
    }

    private void Tell(Account owner, string type, string bodyName, Action<Utf8JsonWriter> writeBody, bool isStreamed)
    {
        if (isStreamed)
        {
            streams.TellMain(owner, type, writeBody);
        }
        if (Listens(owner, type))
        {
            Enqueue(owner, type, bodyName, writeBody);
        }
    }

    private static bool Listens(Account owner, string type) => owner.Webhooks.Exists(hook => Listens(hook, type));

    private static bool Listens(Webhook hook, string type) => hook.Active && hook.On.Contains(type, StringComparer.Ordinal);

    private void Enqueue(Account owner, string type, string bodyName, Action<Utf8JsonWriter> writeBody)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, StringifyEncoder.Options))
        {
            json.WriteStartObject();
            json.WritePropertyName(bodyName);
            writeBody(json);
            json.WriteEndObject();
        }
        foreach (var hook in owner.Webhooks.Where(hook => Listens(hook, type)))
        {
            var eventId = NewEventId();
            var envelope = Envelope(hook, eventId, type, buffer.WrittenSpan);
            queue.Add(new Delivery(hook, eventId, type, hook.Url, hook.Secret, envelope, RetrySchedule.MaximumAttempts));
        }
    }

    private byte[] Envelope(Webhook hook, string eventId, string type, ReadOnlySpan<byte> body)
    {
        var buffer = new ArrayBufferWriter<byte>(body.Length + 300);
        using (var json = new Utf8JsonWriter(buffer, StringifyEncoder.Options))
        {
            json.WriteStartObject();
            json.WriteString("server", state.Origin);
            json.WriteString("hookId", hook.Id);
            json.WriteString("userId", hook.Owner.Id);
            json.WriteString("eventId", eventId);
            json.WriteNumber("createdAt", state.Now.ToUnixTimeMilliseconds());
            json.WriteString("type", type);
            json.WritePropertyName("body");
            json.WriteRawValue(body, skipInputValidation: true);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static string NewEventId() => Guid.NewGuid().ToString();
}

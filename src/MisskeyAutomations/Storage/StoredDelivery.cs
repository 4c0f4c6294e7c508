using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>A delivery as it is read from the database, filled by the names of the columns.</summary>
internal class StoredDelivery
{
    public long Id { get; init; }

    public string Account { get; init; } = "";

    public string HookId { get; init; } = "";

    public object EventId { get; init; } = "";

    public long Source { get; init; }

    public long ReceivedAt { get; init; }

    public bool Scrubbed { get; init; }

    public byte[] Body { get; init; } = [];

    public Delivery ToDelivery() => new(
        Id, Account, HookId, EventKey.Read(EventId), SourceNumbers.Name(Source), DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt), Body, Scrubbed);
}

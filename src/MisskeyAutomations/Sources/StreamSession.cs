using System.Collections.Concurrent;
using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Sources;

/// <summary>One connection of an account from its opening to its end: which channels it asked for, and what their messages mean.</summary>
internal sealed class StreamSession(Account account, string me, string directHook, MisskeyStream stream, StreamBuffer buffer, TimeProvider time)
{
    private const string Main = "main";
    private const string Source = "streaming";

    private readonly ConcurrentDictionary<string, Ear> _ears = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _confirmed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile NeededChannels _needed = new([], false);
    private int _lastId;

    /// <summary>Whose it is, as it was when the connection began.</summary>
    public Account Account => account;

    /// <summary>Completes when Misskey has confirmed <c>main</c>: from then on nothing is missed.</summary>
    public Task Confirmed => _confirmed.Task;

    /// <summary>How many messages could not be read.</summary>
    public int Unreadable { get; private set; }

    /// <summary>The places that are asked for.</summary>
    public IEnumerable<string> Places => _ears.Values.Select(ear => ear.Place).Where(place => place != Main);

    /// <summary>The places that Misskey has not confirmed.</summary>
    public IEnumerable<string> Unconfirmed => _ears.Values.Where(ear => !ear.IsConfirmed && ear.Place != Main).Select(ear => ear.Place);

    /// <summary>Whether Misskey has confirmed that it streams a place.</summary>
    public bool IsConfirmed(string place) => _ears.Values.Any(ear => ear.IsConfirmed && ear.Place == place);

    public Task BeginAsync(CancellationToken cancellationToken) => AskAsync(Main, new StreamChannel(Main, "{}"), cancellationToken);

    /// <summary>What rules need from now on: the home timeline shows own notes and others', and not both need be wanted.</summary>
    public void Need(NeededChannels needed) => _needed = needed;

    /// <summary>Asks for a channel of a place.</summary>
    public Task AskAsync(string place, StreamChannel channel, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId).ToString(System.Globalization.CultureInfo.InvariantCulture);
        _ears[id] = new(place);
        return stream.ConnectAsync(id, channel.Name, channel.Parameters, cancellationToken);
    }

    /// <summary>Wants no more of a place.</summary>
    public async Task LeaveAsync(string place, CancellationToken cancellationToken)
    {
        foreach (var (id, _) in _ears.Where(ear => ear.Value.Place == place).ToList())
        {
            _ears.TryRemove(id, out _);
            await stream.DisconnectAsync(id, cancellationToken);
        }
    }

    /// <summary>Takes messages until the connection ends, or there is no room for what they tell.</summary>
    /// <returns>False when there was no room.</returns>
    public async Task<bool> ListenAsync(CancellationToken cancellationToken)
    {
        while (await stream.ReceiveAsync(cancellationToken) is { } message)
        {
            if (!Take(message))
            {
                return false;
            }
        }

        return true;
    }

    // Whatever nobody knows is passed over: servers tell more every year.
    private bool Take(ReadOnlyMemory<byte> message)
    {
        try
        {
            var json = ScrubbedJson.Parse(message, scrubbed: true);
            if (json.FindObject("body") is not { } body || body.GetText("id") is not { } id || !_ears.TryGetValue(id, out var ear))
            {
                return true;
            }

            if (json.GetText("type") == "connected")
            {
                Confirm(ear);
            }

            return json.GetText("type") != "channel" || body.FindObject("body") is not { } matter || Take(ear, body.GetText("type") ?? "", matter);
        }
        catch (JsonException)
        {
            Unreadable++;
            return true;
        }
    }

    private void Confirm(Ear ear)
    {
        ear.IsConfirmed = true;
        if (ear.Place == Main)
        {
            _confirmed.TrySetResult();
        }
    }

    private bool Take(Ear ear, string type, JsonElement matter)
    {
        var now = time.GetUtcNow();
        if (ear.Place == Main)
        {
            return Add(StreamEvents.OfMain(type, matter, account.Server, me, now), now);
        }

        if (type != "note")
        {
            return true;
        }

        var (needed, isOwn) = (_needed, matter.GetText("userId") == me);
        return (ear.Place != NeededChannels.Home || !isOwn || !needed.OwnNotes || Add(StreamEvents.OfOwnNote(matter, account.Server, me), now))
            && (!needed.Places.Contains(ear.Place, StringComparer.Ordinal) || Add(StreamEvents.OfPlace(ear.Place, matter, account.Server, me), now));
    }

    private bool Add(StreamedEvent? told, DateTimeOffset now) => told is not { } happening || buffer.TryAdd(
        new NewDelivery(account.Name, happening.IsKnownByArrival ? directHook : "", happening.Id, Source, now, happening.Envelope, Scrubbed: false)
        {
            CreatedAt = happening.CreatedAt,
        });

    private sealed class Ear(string place)
    {
        public string Place => place;

        public bool IsConfirmed { get; set; }
    }
}

using System.Buffers;
using System.Text.Json;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Streaming;

/// <summary>
/// Who listens to <c>/streaming</c>, and what they are told: as it happens, once, and nothing of what happened while they were away. All
/// under the lock of the state.
/// </summary>
internal sealed class StreamHub(WorldState state, TimeProvider time) : IDisposable
{
    // So long Misskey waits for the account to read a notification elsewhere.
    private static readonly TimeSpan UnreadAfter = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _ending = new();
    private readonly List<StreamConnection> _connections = [];

    /// <summary>Whether upgrades are refused as by a proxy in front of a server that is down. Set it, and whoever listens is cut off.</summary>
    public bool IsDown
    {
        get;
        set
        {
            field = value;
            if (value)
            {
                CutOff();
            }
        }
    }

    public IEnumerable<StreamConnection> Of(Account account) => _connections.Where(connection => connection.Listener == account);

    public void Add(StreamConnection connection) => _connections.Add(connection);

    public void Remove(StreamConnection connection) => _connections.Remove(connection);

    /// <summary>Cuts all connections without a word, as the end of the server's process does.</summary>
    public void CutOff()
    {
        lock (state.Gate)
        {
            // One that is cut leaves the list by itself, at times on this very thread.
            foreach (var connection in _connections.ToArray())
            {
                connection.Cut();
            }

            _connections.Clear();
        }
    }

    /// <summary>Tells an account something on its <c>main</c>.</summary>
    public void TellMain(Account listener, string type, Action<Utf8JsonWriter> writeBody)
    {
        byte[]? body = null;
        foreach (var connection in _connections.Where(connection => connection.Listener == listener))
        {
            connection.Tell(subscription => subscription.Channel == "main", type, body ??= Write(writeBody));
        }
    }

    /// <summary>Tells whoever's channels show the note. It is written as for everybody: the channels choose who gets it.</summary>
    public void TellNote(Note note)
    {
        byte[]? body = null;
        foreach (var connection in _connections)
        {
            connection.Tell(
                subscription => ShownNotes.Shows(state, subscription, note, connection.Listener), "note",
                body ??= Write(json => NoteJson.WriteUnhidden(json, note)));
        }
    }

    /// <summary>Tells of a notification, and after a while, unless it was read, that it is unread.</summary>
    public void TellNotification(Account receiver, Notification notification)
    {
        TellMain(receiver, "notification", Body);
        _ = RemindAsync();

        void Body(Utf8JsonWriter json) => ThingJson.WriteNotification(json, notification, receiver);

        async Task RemindAsync()
        {
            await Task.Delay(UnreadAfter, time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (state.Gate)
            {
                if (!_ending.IsCancellationRequested && receiver.UnreadNotifications > 0)
                {
                    TellMain(receiver, "unreadNotification", Body);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (state.Gate)
        {
            _ending.Cancel();
            CutOff();
        }

        _ending.Dispose();
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, StringifyEncoder.Options))
        {
            write(json);
        }

        return buffer.WrittenSpan.ToArray();
    }
}

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary>
/// Remembers which bodies of <c>notes/create</c> an account sent a short while ago. The whole body counts, also the order
/// of its keys, properties the endpoint does not know, and a token in it.
/// </summary>
internal sealed class RepeatedNotes(WorldState state)
{
    private static readonly TimeSpan AfterNote = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AtWork = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Earlier> _earlier = new(StringComparer.Ordinal);
    private readonly PriorityQueue<(string Key, Earlier Earlier), DateTimeOffset> _expiring = new();

    /// <summary>What became of the same body before; null when it is new or long ago.</summary>
    public Earlier? Find(ApiRequest request)
    {
        while (_expiring.TryPeek(out var entry, out var expires) && expires <= state.Now)
        {
            _expiring.Dequeue();
            if (ReferenceEquals(_earlier.GetValueOrDefault(entry.Key), entry.Earlier))
            {
                _earlier.Remove(entry.Key);
            }
        }
        return _earlier.GetValueOrDefault(Key(request));
    }

    /// <summary>A call takes its time: until it is over, for at most 30 s, the same body is being worked on. False when it was sent before.</summary>
    public bool Begin(ApiRequest request)
    {
        if (Find(request) is not null)
        {
            return false;
        }
        Remember(request, null);
        return true;
    }

    /// <param name="note">Null when the call was refused, or is not over: Misskey then takes it to be at work for 30 s.</param>
    public void Remember(ApiRequest request, Note? note)
    {
        var key = Key(request);
        var earlier = new Earlier(note);
        _earlier[key] = earlier;
        _expiring.Enqueue((key, earlier), state.Now + (note is null ? AtWork : AfterNote));
    }

    private static string Key(ApiRequest request) =>
        request.Me.Id + Convert.ToHexStringLower(SHA256.HashData(JsonMarshal.GetRawUtf8Value(request.Body)));

    internal sealed class Earlier(Note? note)
    {
        public Note? Note => note;
    }
}

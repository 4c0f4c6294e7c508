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
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Earlier> _earlier = new(StringComparer.Ordinal);
    private readonly PriorityQueue<string, DateTimeOffset> _expiring = new();

    /// <summary>What became of the same body before; null when it is new or long ago.</summary>
    public Earlier? Find(ApiRequest request)
    {
        while (_expiring.TryPeek(out var key, out var expires) && expires <= state.Now)
        {
            _expiring.Dequeue();
            _earlier.Remove(key);
        }
        return _earlier.GetValueOrDefault(Key(request));
    }

    /// <param name="note">Null when the call was refused.</param>
    public void Remember(ApiRequest request, Note? note)
    {
        var key = Key(request);
        _earlier.Add(key, new Earlier(note));
        _expiring.Enqueue(key, state.Now + (note is null ? AfterRefusal : AfterNote));
    }

    private static string Key(ApiRequest request) =>
        request.Me.Id + Convert.ToHexStringLower(SHA256.HashData(JsonMarshal.GetRawUtf8Value(request.Body)));

    internal sealed record Earlier(Note? Note);
}

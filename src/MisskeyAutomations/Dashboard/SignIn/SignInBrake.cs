using System.Net;
using System.Net.Sockets;

namespace MisskeyAutomations.Dashboard.SignIn;

/// <summary>
/// How often a passphrase may be tried: 5 times a minute from one neighbourhood (a /24, or a /64), 60 times from all together. A minute later anybody
/// may try again; nobody is locked out for good.
/// </summary>
internal sealed class SignInBrake(TimeProvider time)
{
    private const int PerNeighbourhood = 5;
    private const int PerMinute = 60;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, IPNetwork From)> _tries = new();

    /// <summary>Counts a try. False when it is one too many.</summary>
    public bool LetsTry(IPAddress? address)
    {
        var from = NeighbourhoodOf(address ?? IPAddress.None);
        lock (_gate)
        {
            while (_tries.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) >= Minute)
            {
                _tries.Dequeue();
            }

            if (_tries.Count >= PerMinute || _tries.Count(earlier => earlier.From.Equals(from)) >= PerNeighbourhood)
            {
                return false;
            }

            _tries.Enqueue((time.GetTimestamp(), from));
            return true;
        }
    }

    private static IPNetwork NeighbourhoodOf(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var (bytes, kept) = (plain.GetAddressBytes(), plain.AddressFamily == AddressFamily.InterNetwork ? 3 : 8);
        bytes.AsSpan(kept).Clear();
        return new(new IPAddress(bytes), kept * 8);
    }
}

using System.Collections.Concurrent;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// What keeps calls from going out: the panic switch, paused accounts, endpoints that the server asked to leave alone.
/// Read at every send. Safe for concurrent use.
/// </summary>
public sealed class Holds(TimeProvider time)
{
    // No server is obeyed for longer: a rest that seems to be is one whose clock was put back.
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, string> _paused = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Account, string Endpoint), DateTimeOffset> _cooling = new();
    private readonly ConcurrentDictionary<string, bool> _stopped = new(StringComparer.Ordinal);
    private volatile bool _panic;
    private volatile bool _isPanicOrdered;

    /// <summary>Whether everything is stopped.</summary>
    public bool Panic
    {
        get => _panic;
        set => _panic = value;
    }

    /// <summary>Whether a person's word about everything is not stored yet: until it is, it counts, and not what is stored.</summary>
    public bool IsPanicOrdered
    {
        get => _isPanicOrdered;
        set => _isPanicOrdered = value;
    }

    /// <summary>The paused accounts with their reasons.</summary>
    public IReadOnlyDictionary<string, string> Paused => _paused;

    /// <summary>Stops an account's calls; a second reason does not replace the first. False when it was paused already.</summary>
    public bool Pause(string account, string reason) => _paused.TryAdd(account, reason);

    /// <summary>Lets an account's calls go out again. False when it was not paused.</summary>
    public bool Resume(string account) => _paused.TryRemove(account, out _);

    /// <summary>The accounts that their owner paused: what is asked for them still goes out, what would change something does not.</summary>
    public ICollection<string> Stopped => _stopped.Keys;

    /// <summary>Stops an account by its owner's word. False when it was stopped already.</summary>
    public bool Stop(string account) => _stopped.TryAdd(account, true);

    /// <summary>Lets an account go on by its owner's word. False when it was not stopped.</summary>
    public bool LetGo(string account) => _stopped.TryRemove(account, out _);

    /// <summary>Leaves an endpoint alone for an account.</summary>
    public void CoolDown(string account, string endpoint, TimeSpan length)
    {
        var until = time.GetUtcNow() + length;
        _cooling.AddOrUpdate((account, endpoint), until, (_, before) => before > until ? before : until);
    }

    /// <summary>What keeps this call from going out now; null when nothing does.</summary>
    public Hold? Find(string account, string endpoint)
    {
        if (_panic)
        {
            return new("everything is stopped (panic)", null);
        }

        if (_stopped.ContainsKey(account))
        {
            return new($"account '{account}' was paused by its owner", null);
        }

        if (_paused.TryGetValue(account, out var reason))
        {
            return new($"account '{account}' is paused: {reason}", null);
        }

        return _cooling.TryGetValue((account, endpoint), out var until) && time.GetUtcNow() is var now && until > now && until - now <= LongestRest
            ? new($"the server asked to leave {endpoint} alone for a while", until) : null;
    }
}

/// <summary>Why a call may not go out now.</summary>
/// <param name="Reason">A sentence for people.</param>
/// <param name="Until">When it may; null when a person must let it go.</param>
public sealed record Hold(string Reason, DateTimeOffset? Until);

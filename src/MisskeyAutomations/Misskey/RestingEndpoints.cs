using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// The endpoints that a server asked to leave alone for a while, by account: Misskey counts a call that comes too early, and refuses for
/// longer. After the rest calls go one by one, so that at most one of them finds that it was not enough.
/// </summary>
internal sealed class RestingEndpoints(TimeProvider time)
{
    /// <summary>How long whoever finds another at it waits.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>How long after a rest calls go one by one.</summary>
    private static readonly TimeSpan Caution = TimeSpan.FromMinutes(10);

    // No server is obeyed for longer: a rest that seems to be is one whose clock was put back.
    private static readonly TimeSpan LongestRest = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, string Endpoint), Rest> _rests = [];

    /// <summary>Whether a call may go now: null when it may, and then <see cref="Leave"/> must follow; otherwise how long it is to wait.</summary>
    public TimeSpan? Enter(string account, string endpoint)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (!_rests.TryGetValue((account, endpoint), out var rest))
            {
                return null;
            }

            if (rest.Until > now && rest.Until - now <= LongestRest)
            {
                return rest.Until - now > Turn ? rest.Until - now : Turn;
            }

            if ((now - rest.Until).Duration() > Caution)
            {
                _rests.Remove((account, endpoint));
                return null;
            }

            if (rest.IsTaken)
            {
                return Turn;
            }

            rest.IsTaken = true;
            return null;
        }
    }

    /// <summary>A call ended.</summary>
    public void Leave(string account, string endpoint, ActionOutcome outcome)
    {
        lock (_gate)
        {
            var rest = _rests.GetValueOrDefault((account, endpoint));
            if (outcome is ActionOutcome.RateLimited limited)
            {
                var until = time.GetUtcNow() + limited.RetryAfter;
                _rests[(account, endpoint)] = new Rest(rest?.Until > until ? rest.Until : until);
            }
            else if (rest is not null)
            {
                rest.IsTaken = false;
            }
        }
    }

    private sealed class Rest(DateTimeOffset until)
    {
        public DateTimeOffset Until => until;

        public bool IsTaken { get; set; }
    }
}

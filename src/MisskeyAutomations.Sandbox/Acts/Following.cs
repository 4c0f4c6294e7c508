using MisskeyAutomations.Sandbox.Api;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Sandbox.Webhooks;

namespace MisskeyAutomations.Sandbox.Acts;

/// <summary>Following, its requests, and blocking, which ends both. All under the lock of the state.</summary>
internal sealed class Following(WorldState state, WebhookOutbox webhooks)
{
    public Refusal? Create(Account follower, Account followee, bool withReplies)
    {
        const string Endpoint = "following/create";
        if (follower == followee)
        {
            return Refusals.Of(Endpoint, "FOLLOWEE_IS_YOURSELF");
        }
        if (follower.Following.ContainsKey(followee.Id))
        {
            return Refusals.Of(Endpoint, "ALREADY_FOLLOWING");
        }
        if (followee.IsSuspended)
        {
            return Refusals.SuspendedFollowee(followee);
        }
        if (follower.Blocking.ContainsKey(followee.Id))
        {
            return Refusals.Of(Endpoint, "BLOCKING");
        }
        if (followee.Blocking.ContainsKey(follower.Id))
        {
            return Refusals.Of(Endpoint, "BLOCKED");
        }
        // A locked account accepts by itself whom it follows: autoAcceptFollowed, on by default.
        if (followee.IsLocked && !followee.Following.ContainsKey(follower.Id))
        {
            Request(follower, followee, withReplies);
        }
        else
        {
            Begin(follower, followee, withReplies);
        }
        return null;
    }

    public Refusal? Delete(Account follower, Account followee)
    {
        const string Endpoint = "following/delete";
        if (follower == followee)
        {
            return Refusals.Of(Endpoint, "FOLLOWEE_IS_YOURSELF");
        }
        return End(follower, followee) ? null : Refusals.Of(Endpoint, "NOT_FOLLOWING");
    }

    /// <summary>Removes a follower. Only the removed one's hooks hear of it.</summary>
    public Refusal? Invalidate(Account followee, Account follower)
    {
        const string Endpoint = "following/invalidate";
        if (follower == followee)
        {
            return Refusals.Of(Endpoint, "FOLLOWER_IS_YOURSELF");
        }
        return End(follower, followee) ? null : Refusals.Of(Endpoint, "NOT_FOLLOWING");
    }

    public Refusal? AcceptRequest(Account followee, Account follower)
    {
        if (!followee.RequestsReceived.TryGetValue(follower.Id, out var request))
        {
            return Refusals.Of("following/requests/accept", "NO_FOLLOW_REQUEST");
        }
        Begin(follower, followee, request.WithReplies);
        webhooks.Changed(followee);
        return null;
    }

    /// <summary>The requester hears <c>unfollow</c>, though nothing was followed. Answers the same when there was no request.</summary>
    public void RejectRequest(Account followee, Account follower)
    {
        if (RemoveRequest(follower, followee))
        {
            webhooks.Followee(follower, "unfollow", followee);
        }
    }

    public static Refusal? CancelRequest(Account follower, Account followee) =>
        RemoveRequest(follower, followee) ? null : Refusals.Of("following/requests/cancel", "FOLLOW_REQUEST_NOT_FOUND");

    public Refusal? Block(Account blocker, Account blockee)
    {
        const string Endpoint = "blocking/create";
        if (blocker == blockee)
        {
            return Refusals.Of(Endpoint, "BLOCKEE_IS_YOURSELF");
        }
        if (!blocker.Blocking.TryAdd(blockee.Id, new Relation(state.NewId(), state.Now, blockee)))
        {
            return Refusals.Of(Endpoint, "ALREADY_BLOCKING");
        }
        RejectRequest(blockee, blocker);
        RejectRequest(blocker, blockee);
        End(blocker, blockee);
        End(blockee, blocker);
        foreach (var list in state.Lists.Values.Where(list => list.Owner == blockee))
        {
            list.Members.Remove(blocker);
        }
        return null;
    }

    public static Refusal? Unblock(Account blocker, Account blockee)
    {
        const string Endpoint = "blocking/delete";
        if (blocker == blockee)
        {
            return Refusals.Of(Endpoint, "BLOCKEE_IS_YOURSELF");
        }
        return blocker.Blocking.Remove(blockee.Id) ? null : Refusals.Of(Endpoint, "NOT_BLOCKING");
    }

    /// <summary>Suspends an account: it stops following, without any event, and its hooks go.</summary>
    public void Suspend(Account account)
    {
        account.IsSuspended = true;
        foreach (var follow in account.Following.Values)
        {
            follow.Followee.Followers.Remove(account.Id);
        }
        account.Following.Clear();
        foreach (var hook in account.Webhooks)
        {
            state.Webhooks.Remove(hook.Id);
        }
        account.Webhooks.Clear();
    }

    private void Request(Account follower, Account followee, bool withReplies)
    {
        var request = new FollowRequest(state.NewId(), follower, followee, withReplies);
        if (follower.RequestsSent.TryAdd(followee.Id, request))
        {
            followee.RequestsReceived.Add(follower.Id, request);
            webhooks.Requested(followee, follower);
            Notify(followee, "receiveFollowRequest", follower);
            webhooks.Changed(followee);
        }
    }

    private void Begin(Account follower, Account followee, bool withReplies)
    {
        RemoveRequest(follower, followee);
        var follow = new Follow(state.NewId(), state.Now, follower, followee, withReplies);
        follower.Following.Add(followee.Id, follow);
        followee.Followers.Add(follower.Id, follow);
        Notify(follower, "followRequestAccepted", followee);
        webhooks.Followee(follower, "follow", followee);
        webhooks.Followed(followee, follower);
        Notify(followee, "follow", follower);
    }

    private bool End(Account follower, Account followee)
    {
        if (!follower.Following.Remove(followee.Id))
        {
            return false;
        }
        followee.Followers.Remove(follower.Id);
        webhooks.Followee(follower, "unfollow", followee);
        return true;
    }

    private static bool RemoveRequest(Account follower, Account followee) =>
        follower.RequestsSent.Remove(followee.Id) && followee.RequestsReceived.Remove(follower.Id);

    private void Notify(Account receiver, string type, Account by) =>
        state.Notify(receiver, new Notification(state.NewId(), state.Now, type) { User = by });
}

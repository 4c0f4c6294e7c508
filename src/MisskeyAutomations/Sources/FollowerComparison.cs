using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Sources;

/// <summary>
/// Finds who left, of which Misskey tells nobody: compares an account's followers with those of the last time, where a rule asks for it. Who is
/// missing is asked about once more before it is told, so that no list that lacks people makes them leave.
/// </summary>
internal sealed partial class FollowerComparison(
    FollowerPages pages, IInbox inbox, AccountDirectory accounts, MisskeyAccountCheck check, RuleVersions rules, TimeProvider time, ILogger<FollowerComparison> logger)
    : BackgroundService
{
    private const string Trigger = "unfollowed";
    private const string Source = "followers";

    // So many rows are written in one operation, and so many people told of in one comparison.
    private const int AtOnce = 200;
    private const int MostTold = 1_000;
    private const int AskedAtOnce = 50;

    // What many people did while nobody compared is news no more.
    private static readonly TimeSpan OldestCompared = TimeSpan.FromDays(7);

    // A page takes 1.5 s: so Misskey is read for an hour of each day at most.
    private static readonly TimeSpan PerPage = TimeSpan.FromSeconds(36);

    /// <summary>Compares once. Null when that was done; otherwise how long to wait before trying again.</summary>
    public async Task<TimeSpan?> CompareAsync(Account account, string me, int attempt, CancellationToken cancellationToken)
    {
        try
        {
            var mark = await inbox.FindFollowerMarkAsync(account.Name, cancellationToken);
            var before = mark is null ? [] : await inbox.ListFollowersAsync(account.Name, cancellationToken);
            var (now, outcome) = await pages.ReadAsync(account.Name, me, cancellationToken);
            if (outcome is ActionOutcome.Done)
            {
                var isFirst = mark is null || mark.UserId != me || time.GetUtcNow() - mark.ComparedAt > OldestCompared;
                outcome = await TakeAsync(account, me, before, now, isFirst, cancellationToken);
            }

            if (outcome is ActionOutcome.Done)
            {
                return null;
            }

            if (attempt == 0)
            {
                LogNotCompared(account.Name, Reasons.Of(outcome));
            }

            return Pauses.After(outcome, attempt);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFault(fault, account.Name);
            return Pauses.After(new ActionOutcome.NotSent(""), attempt);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        accounts.ForEachAsync((account, ending) => account.Followers is null ? Task.CompletedTask : FollowAsync(account, ending), stoppingToken);

    private async Task FollowAsync(Account account, CancellationToken stoppingToken)
    {
        var me = await check.UserIdAsync(account.Name, stoppingToken);
        using var changed = new Bell();
        rules.Swapped += changed.Ring;
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                var pause = await UntilDueAsync(account, me, stoppingToken);
                if (pause == TimeSpan.Zero)
                {
                    pause = await CompareAsync(account, me, attempt, stoppingToken);
                }

                attempt = pause is null ? -1 : attempt;
                await changed.WaitAsync(pause ?? TimeSpan.Zero, time, stoppingToken);
            }
        }
        finally
        {
            rules.Swapped -= changed.Ring;
        }
    }

    /// <summary>How long until the next comparison; for ever while no rule asks for one.</summary>
    private async Task<TimeSpan?> UntilDueAsync(Account account, string me, CancellationToken cancellationToken)
    {
        if (!rules.Current.Rules.Any(rule => rule.Mode != RuleMode.Disabled && rule.Serves(account.Name) && rule.Triggers.Contains(Trigger, StringComparer.Ordinal)))
        {
            return Timeout.InfiniteTimeSpan;
        }

        if (await inbox.FindFollowerMarkAsync(account.Name, cancellationToken) is not { } mark || mark.UserId != me)
        {
            return TimeSpan.Zero;
        }

        var slowest = PerPage * (mark.Count / FollowerPages.MostAtOnce);
        var left = mark.ComparedAt + (slowest > account.Followers ? slowest : account.Followers!.Value) - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task<ActionOutcome> TakeAsync(
        Account account, string me, IReadOnlyList<Follower> before, IReadOnlyList<Follower> now, bool isFirst, CancellationToken cancellationToken)
    {
        var present = now.ToDictionary(follower => follower.UserId, StringComparer.Ordinal);
        var known = before.ToDictionary(follower => follower.UserId, StringComparer.Ordinal);
        var missing = before.Where(follower => !present.ContainsKey(follower.UserId)).ToList();
        var told = 0;
        foreach (var some in (isFirst ? [] : missing.Take(MostTold)).Chunk(AskedAtOnce))
        {
            var (count, outcome) = await TellAsync(account, me, some, cancellationToken);
            told += count;
            if (outcome is not ActionOutcome.Done)
            {
                return outcome;
            }
        }

        foreach (var some in (isFirst ? missing : []).Chunk(AtOnce))
        {
            await inbox.ChangeFollowersAsync(new(account.Name, some, [], [], null), cancellationToken);
        }

        foreach (var some in now.Where(follower => known.GetValueOrDefault(follower.UserId) != follower).Chunk(AtOnce))
        {
            await inbox.ChangeFollowersAsync(new(account.Name, [], some, [], null), cancellationToken);
        }

        await inbox.ChangeFollowersAsync(new(account.Name, [], [], [], new(account.Name, me, time.GetUtcNow(), now.Count)), cancellationToken);
        if (isFirst)
        {
            LogBegun(account.Name, now.Count);
        }
        else if (told > 0)
        {
            LogCompared(account.Name, now.Count, told);
        }

        return new ActionOutcome.Done();
    }

    // Who cannot be asked about now stays on the list, and is missed again the next time.
    private async Task<(int Count, ActionOutcome Outcome)> TellAsync(Account account, string me, Follower[] missing, CancellationToken cancellationToken)
    {
        var (gone, outcome) = await pages.AskWhoLeftAsync(account.Name, [.. missing.Select(follower => follower.UserId)], cancellationToken);
        var (left, told) = (new List<Follower>(), new List<NewDelivery>());
        foreach (var follower in missing.Where(follower => gone.ContainsKey(follower.UserId)))
        {
            (var user, outcome) = gone[follower.UserId] ? await pages.ShowAsync(account.Name, follower.UserId, cancellationToken) : (null, outcome);
            if (outcome is not ActionOutcome.Done)
            {
                break;
            }

            left.Add(follower);
            if (user is { } person)
            {
                var happening = FollowerEvents.Left(person, follower.FollowId, account.Server, me);
                told.Add(new(account.Name, "", happening.Id, Source, time.GetUtcNow(), happening.Envelope, Scrubbed: false));
            }
        }

        await inbox.ChangeFollowersAsync(new(account.Name, left, [], told, null), cancellationToken);
        return (told.Count, outcome);
    }

    [LoggerMessage(2234, LogLevel.Information, "Account {Account} compares its followers from now on: {Count}")]
    private partial void LogBegun(string account, int count);

    [LoggerMessage(2235, LogLevel.Information, "Account {Account} compared its followers: {Count}, and {Left} left")]
    private partial void LogCompared(string account, int count, int left);

    [LoggerMessage(2236, LogLevel.Warning, "Account {Account} could not compare its followers now, and tries again: {Reason}")]
    private partial void LogNotCompared(string account, string reason);

    [LoggerMessage(2237, LogLevel.Error, "Account {Account} could not compare its followers; it tries again")]
    private partial void LogFault(Exception fault, string account);
}

using System.Text;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Sources;

/// <summary>
/// Brings the events of an account since its mark, as its notifications tell them. Every page is stored with the mark behind it, so that
/// whatever dies in between, nothing is left out, and nothing told twice.
/// </summary>
internal sealed class MissedEvents(NotificationPages pages, IInbox inbox, TimeProvider time)
{
    private const string Source = "catch-up";

    // Forty times what Misskey keeps by itself; the rest is for the next look.
    private const int MostPages = 200;

    // Misskey lets an account ask 30 times in 30 s. What it keeps by itself, 500, takes a few pages; only more is taken slowly.
    private const int QuickPages = 8;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.5);

    /// <summary>Sets the first mark, so that only what comes afterwards counts.</summary>
    /// <returns>What became of the question.</returns>
    public async Task<ActionOutcome> BeginAsync(Account account, string me, CancellationToken cancellationToken)
    {
        var (newest, outcome) = await pages.BeforeAsync(account.Name, null, NotificationPages.MostAtOnce, cancellationToken);
        if (outcome is ActionOutcome.Done)
        {
            var last = newest.Count == 0 ? me : newest.MaxBy(notification => notification.Id, StringComparer.Ordinal)!.Id;
            await inbox.CatchUpAsync(new(account.Name, me, last, time.GetUtcNow()), [], cancellationToken);
        }

        return outcome;
    }

    /// <summary>Stores what came after the mark.</summary>
    /// <param name="account">The account.</param>
    /// <param name="mark">How far it was seen.</param>
    /// <param name="limit">How many notifications to ask for at once.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <returns>What was found, and what became of the last question: all is seen when it is done.</returns>
    public async Task<(Haul Found, ActionOutcome Outcome)> BringAsync(Account account, CatchUpMark mark, int limit, CancellationToken cancellationToken)
    {
        var found = new Haul();
        for (var count = 0; count < MostPages; count++)
        {
            var (page, outcome) = await pages.AfterAsync(account.Name, mark.NotificationId, limit, cancellationToken);
            if (outcome is not ActionOutcome.Done)
            {
                return (found, outcome);
            }

            // Some servers begin with the very one that they were asked for the later ones of; one that gives the newest first can only be
            // read backwards.
            if (page.Count == 0 || page[^1].Id == mark.NotificationId || page[0].IsAfter(page[^1].Id))
            {
                return await BringBeyondAsync(account, mark, found, limit, cancellationToken);
            }

            (mark, found) = await StoreAsync(account, mark, page, found, cancellationToken);
            await KeepPaceAsync(count, cancellationToken);
        }

        return (found, new ActionOutcome.NotSent("There are more notifications than one look takes."));
    }

    // A page of nothing but people who were suspended since, as after a wave of spam, looks like the end. So the end is looked at from
    // behind, too.
    private async Task<(Haul Found, ActionOutcome Outcome)> BringBeyondAsync(
        Account account, CatchUpMark mark, Haul found, int limit, CancellationToken cancellationToken)
    {
        const int Few = 10;
        const int MostBeyond = 50;
        var beyond = new List<Notification>();
        var (page, outcome) = await pages.BeforeAsync(account.Name, null, Math.Min(Few, limit), cancellationToken);
        for (var count = 0; outcome is ActionOutcome.Done && count < MostBeyond; count++)
        {
            var later = page.Where(notification => notification.IsAfter(mark.NotificationId)).ToList();
            beyond.AddRange(later);
            if (later.Count == 0 || later.Count < page.Count)
            {
                break;
            }

            await KeepPaceAsync(count, cancellationToken);
            (page, outcome) = await pages.BeforeAsync(account.Name, later[^1].Id, limit, cancellationToken);
        }

        if (outcome is ActionOutcome.Done)
        {
            beyond.Reverse();
            (_, found) = await StoreAsync(account, mark with { LookedAt = time.GetUtcNow() }, beyond, found, cancellationToken);
        }

        return (found, outcome);
    }

    private Task KeepPaceAsync(int pagesBefore, CancellationToken cancellationToken) =>
        pagesBefore < QuickPages ? Task.CompletedTask : Task.Delay(Pace, time, cancellationToken);

    private async Task<(CatchUpMark Mark, Haul Found)> StoreAsync(
        Account account, CatchUpMark mark, IReadOnlyList<Notification> page, Haul found, CancellationToken cancellationToken)
    {
        var moved = page.Count == 0 ? mark : mark with { NotificationId = page[^1].Id };
        var told = page.Where(notification => notification.Id != mark.NotificationId)
            .Select(notification => Tell(account, mark.UserId, notification)).OfType<ToldEvent>().ToList();
        var stored = await inbox.CatchUpAsync(moved, told, cancellationToken);
        return (moved, new(found.Notifications + page.Count, found.New + stored.New, found.Known + stored.Known));
    }

    private ToldEvent? Tell(Account account, string me, Notification notification)
    {
        if (NotificationEvents.Envelope(notification.Json, account.Server, me) is not { } envelope)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var happening = EventReader.Read(envelope, account.Name, now, Source);
        var delivery = new NewDelivery(account.Name, "", happening.Id, Source, now, Encoding.UTF8.GetBytes(envelope.GetRawText()), Scrubbed: false)
        {
            CreatedAt = happening.CreatedAt.ToUnixTimeMilliseconds(),
        };
        return new(delivery, happening.Subject, happening.CreatedAt);
    }
}

/// <summary>What a look found.</summary>
/// <param name="Notifications">How many notifications it read.</param>
/// <param name="New">How many events had not come by another way.</param>
/// <param name="Known">How many had.</param>
internal readonly record struct Haul(int Notifications, int New, int Known);

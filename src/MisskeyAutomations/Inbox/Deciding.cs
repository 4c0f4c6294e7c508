using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Inbox;

/// <summary>Makes of one delivery what is to be written about it.</summary>
internal sealed class Deciding(IInbox inbox, RuleVersions rules, AccountDirectory accounts, MutedPeople muted, Listening listening, TimeProvider time)
{
    /// <summary>Webhooks come late by at most a quarter of an hour; a day leaves room for a queue that stood still.</summary>
    private static readonly TimeSpan OldestActedOn = TimeSpan.FromHours(24);
    private static readonly TimeSpan FarthestAhead = TimeSpan.FromMinutes(10);

    /// <summary>The event, where it is one that is decided, and the decision.</summary>
    public async Task<(Event? Event, Decision Decision)> DecideAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var happening = Read(delivery);
        if (happening.MeId is { } me && !accounts.Learn(delivery.Account, me))
        {
            return (happening, Undecided(delivery, happening, DeliveryState.Unrouted, $"it is for user {me}, who is not this account"));
        }

        // What the clock makes up for may be old: the rule's `late` decides.
        if ((happening.CreatedAt < delivery.ReceivedAt - OldestActedOn && happening.ForRule is null) || happening.CreatedAt > delivery.ReceivedAt + FarthestAhead)
        {
            return (happening, Undecided(delivery, happening, DeliveryState.Stale, Decision.OutOfTime));
        }

        // The engine that went on after the backup was made knew of it, and nobody knows what it did.
        if (happening.CreatedAt <= inbox.RestoredUntil)
        {
            return (happening, Undecided(delivery, happening, DeliveryState.Stale, Decision.BeforeRestore));
        }

        return happening.Standing switch
        {
            EventStanding.Malformed => (happening, Quarantine(
                delivery, $"a '{happening.Type}' must bring what it is about, a note, user or report, and this one does not", happening.Type)),
            EventStanding.Test => (happening, Undecided(delivery, happening, DeliveryState.Test, null)),
            _ when await inbox.FindPoisonAsync(delivery.Id, happening, cancellationToken) is { } poison =>
                (null, Base(delivery, happening, DeliveryState.Planned) with { Note = Decision.Repeats(poison) }),
            _ => (happening, await PlanAsync(delivery, happening, cancellationToken)),
        };
    }

    /// <summary>
    /// What the rules in force say to an event that is to happen once more, now: neither its age counts, nor that it was decided before. The runs
    /// are left free.
    /// </summary>
    /// <returns>Null when it is none that rules are asked about.</returns>
    public async Task<(Event Event, Decision Decision)?> DecideAgainAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var happening = Read(delivery);
        if (happening.Standing is EventStanding.Malformed or EventStanding.Test)
        {
            return null;
        }

        var facts = await FactsOfAsync(delivery, happening, cancellationToken) with { AgeFrom = time.GetUtcNow() };
        var plan = RunPlanner.Plan(await InItsThreadAsync(happening, cancellationToken), rules.Current, facts);
        return (happening, Base(delivery, happening, DeliveryState.Planned) with { Verdicts = plan.Verdicts, Runs = plan.Runs, LeavesRunsFree = true });
    }

    /// <summary>The decision that a delivery is kept for a person to look at.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="note">Why.</param>
    /// <param name="type">
    /// The type that it says it is of, where it only lacks what that must bring: then it is kept as long as what was decided. Empty where the engine could not
    /// get through it: then it is kept until a person lets it go.
    /// </param>
    public static Decision Quarantine(Delivery delivery, string note, string type = "") => new()
    {
        DeliveryId = delivery.Id,
        Account = delivery.Account,
        HookId = delivery.HookId,
        State = DeliveryState.Quarantined,
        Type = type,
        EventAt = delivery.ReceivedAt,
        Note = note,
    };

    private async Task<Decision> PlanAsync(Delivery delivery, Event happening, CancellationToken cancellationToken)
    {
        KillPoint.Reach(KillPoint.Deciding, () => System.Text.Encoding.UTF8.GetString(delivery.Body.Span));
        var facts = await FactsOfAsync(delivery, happening, cancellationToken);
        var planned = Base(delivery, happening, DeliveryState.Planned) with
        {
            Subject = happening.Subject,
            IsReadable = happening.Standing != EventStanding.Hidden,
        };
        if (await listening.FindAsync(happening, facts, cancellationToken) is { } listener)
        {
            return planned with { Verdicts = Hearing.Verdicts(happening, rules.Current, listener), HeardBy = listener.Id, Note = Hearing.Note(listener) };
        }

        var plan = RunPlanner.Plan(await InItsThreadAsync(happening, cancellationToken), rules.Current, facts);
        return planned with { Verdicts = plan.Verdicts, Runs = plan.Runs };
    }

    private async Task<PlanningFacts> FactsOfAsync(Delivery delivery, Event happening, CancellationToken cancellationToken) => new()
    {
        Now = time.GetUtcNow(),
        DeliveryId = delivery.Id,
        IsRulesDeed = await IsRulesDeedAsync(happening, cancellationToken),
        IsOurs = happening.ActorId is { } actor && accounts.IsOurs(happening.Account, actor),
        IsMuted = happening.ActorId is { } person && muted.Contains(happening.Account, person),
    };

    private async Task<Event> InItsThreadAsync(Event happening, CancellationToken cancellationToken) =>
        happening.Note is { } note && rules.Current.Candidates(happening).Any()
        && await inbox.FindThreadAsync(happening.Account, note, cancellationToken) is { } thread ? happening with { Thread = thread } : happening;

    // Where no rule listens, the question is spared.
    private async Task<bool> IsRulesDeedAsync(Event happening, CancellationToken cancellationToken) =>
        OwnDeed.Of(happening) is { } deed && rules.Current.Candidates(happening).Any() && await inbox.IsOwnDeedAsync(deed, cancellationToken);

    private Event Read(Delivery delivery) => EventReader.Read(
        ScrubbedJson.Parse(delivery.Body, delivery.Scrubbed), delivery.Account, delivery.ReceivedAt, delivery.Source, accounts.UserIdOf(delivery.Account));

    private static Decision Undecided(Delivery delivery, Event happening, DeliveryState state, string? note) =>
        Base(delivery, happening, state) with { Note = note };

    private static Decision Base(Delivery delivery, Event happening, DeliveryState state) => new()
    {
        DeliveryId = delivery.Id,
        Account = delivery.Account,
        HookId = delivery.HookId,
        State = state,
        Type = happening.Type,
        IsPrivate = happening.Note?.GetText("visibility") == "specified",
        EventAt = happening.CreatedAt,
    };
}

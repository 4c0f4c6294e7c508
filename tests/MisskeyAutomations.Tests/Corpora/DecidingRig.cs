using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>Decides deliveries as the program does, for rules on everything; nothing is kept, and nobody waits for a reply.</summary>
internal sealed class DecidingRig : IInbox
{
    private readonly RuleVersions _versions;
    private readonly MemoryRunStore _runs = new(TimeProvider.System);

    /// <param name="rules">Rules without triggers: they are given all.</param>
    public DecidingRig(string rules)
    {
        var triggers = string.Join(", ", EventTypes.All.Select(type => type.Name).Concat(["{ timeline: home }", "{ antenna: cats }", "{ list: friends }", "{ channel: c1 }", "{ hashtag: tag }", "{ type: somethingNew }"]));
        var reading = RuleReader.Read([new SourceText("rules.yaml", rules.Replace("EVERYTHING", $"[{triggers}]", StringComparison.Ordinal))], ActionTable.Descriptors);
        Assert.True(reading.RuleSet is not null, DiagnosticText.Render(reading.Diagnostics));
        _versions = new RuleVersions(_runs, ActionTable.Descriptors);
        _versions.Swap(reading.RuleSet);
    }

    /// <summary>What becomes of an envelope: for each rule that it concerns, the gate that refuses it or <c>runs</c>; else the delivery's state.</summary>
    /// <param name="envelope">As Misskey posts or streams it; it happens now.</param>
    /// <param name="muted">Whom the accounts are known to have muted or blocked.</param>
    /// <param name="account">The account to which it comes.</param>
    /// <param name="source">Whence it comes.</param>
    public async Task<string> DecideAsync(JsonObject envelope, MutedPeople muted, string account = "main", string source = "webhook")
    {
        envelope["createdAt"] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        return await DecideAsync(JsonSerializer.SerializeToUtf8Bytes(envelope), scrubbed: false, muted, account, source);
    }

    /// <summary>What becomes of a body as the door keeps it.</summary>
    public async Task<string> DecideAsync(byte[] body, bool scrubbed, MutedPeople muted, string account = "main", string source = "webhook")
    {
        var now = TimeProvider.System.GetUtcNow();
        var deciding = new Deciding(this, _versions, new AccountDirectory([]), muted, new Listening(this, _runs, _versions), TimeProvider.System);
        var delivery = new Delivery(1, account, "h", "e1", source, now, body, scrubbed);
        var (_, decision) = await deciding.DecideAsync(delivery, TestContext.Current.CancellationToken);
        return decision.State == DeliveryState.Planned
            ? string.Join(" / ", decision.Verdicts.Select(verdict => verdict.Gate ?? "runs").DefaultIfEmpty("no rule"))
            : decision.State.ToString().ToLowerInvariant();
    }

    Task<bool> IInbox.IsFirstAsync(CancellationToken cancellationToken) => Task.FromResult(true);

    Task<bool> IInbox.IsOwnDeedAsync(OwnDeed deed, CancellationToken cancellationToken) => Task.FromResult(false);

    Task<long?> IInbox.FindPoisonAsync(long deliveryId, Event happening, CancellationToken cancellationToken) => Task.FromResult<long?>(null);

    Task<string?> IInbox.FindThreadAsync(string account, JsonElement note, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

    Task<IReadOnlyList<Run>> IInbox.FindAnsweredAsync(string account, JsonElement note, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Run>>([]);

    Task<IReadOnlyList<Delivery>> IInbox.TakeAsync(long afterId, int max, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<Decided> IInbox.CompleteAsync(Decision decision, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<bool> IInbox.AddAsync(NewDelivery delivery, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IInbox.ProbeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<CronMark>> IInbox.ListCronMarksAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IInbox.SaveCronMarksAsync(IReadOnlyList<CronMark> marks, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<CatchUpMark?> IInbox.FindCatchUpMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<FollowerMark?> IInbox.FindFollowerMarkAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<IReadOnlyList<Follower>> IInbox.ListFollowersAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task IInbox.ChangeFollowersAsync(FollowerChange change, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<CaughtUp> IInbox.CatchUpAsync(CatchUpMark mark, IReadOnlyList<ToldEvent> events, CancellationToken cancellationToken) => throw new NotSupportedException();
}

using System.Text;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>A store of some kind, opened for one test, and shorthands for what tests put into it.</summary>
internal abstract class StoreUnderTest : IDisposable
{
    private int _count;

    public abstract IInbox Inbox { get; }

    public abstract IRunStore Runs { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero));

    public DateTimeOffset Now => Time.GetUtcNow();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Lets go of the store as a process does that dies, and opens it anew.</summary>
    public abstract void Reopen();

    public abstract void Dispose();

    public static NewDelivery Some(string eventId, string hook = "hook1", string account = "alice", string source = "webhook", string body = "{}", long createdAt = 0) =>
        new(account, hook, eventId, source, new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero), Encoding.UTF8.GetBytes(body), Scrubbed: false)
        {
            CreatedAt = createdAt,
        };

    /// <summary>Adds a delivery and takes it.</summary>
    public async Task<Delivery> ArriveAsync(string hook = "hook1", string source = "webhook", string body = "{}")
    {
        await Inbox.AddAsync(Some($"event {++_count}", hook, source: source, body: body), Token);
        return (await Inbox.TakeAsync(0, 1_000, Token))[^1];
    }

    /// <summary>Adds, takes and decides a delivery.</summary>
    public async Task<Decided> DecideAsync(
        Subject? subject = null, string hook = "hook1", string source = "webhook", DateTimeOffset? at = null, bool isReadable = true, params PlannedRun[] runs)
    {
        var delivery = await ArriveAsync(hook, source);
        return await Inbox.CompleteAsync(DecisionOf(delivery, subject, at, isReadable, runs), Token);
    }

    public Decision DecisionOf(Delivery delivery, Subject? subject = null, DateTimeOffset? at = null, bool isReadable = true, params PlannedRun[] runs) => new()
    {
        DeliveryId = delivery.Id,
        Account = delivery.Account,
        HookId = delivery.HookId,
        State = DeliveryState.Planned,
        Type = "note",
        Subject = subject ?? new Subject($"note:{delivery.Id}", Recurs: false),
        IsReadable = isReadable,
        EventAt = at ?? Now,
        Verdicts = [.. runs.Select(run => new Verdict(run.Run.RuleName, null))],
        Runs = [.. runs.Select(run => run with { Run = run.Run with { DeliveryId = delivery.Id } })],
    };

    /// <summary>A run that can go on at once, unless told otherwise.</summary>
    public PlannedRun Plan(
        string rule = "greet", RunState state = RunState.Ready, WaitReason waitsFor = WaitReason.None, DateTimeOffset? dueAt = null, bool isDryRun = false,
        OverlapClaim? overlap = null, string account = "alice", params LimitClaim[] claims) => new(
        new Run
        {
            Account = account,
            DeliveryId = 0,
            Subject = "note:1",
            RuleName = rule,
            RuleHash = $"hash of {rule}",
            State = state,
            WaitsFor = waitsFor,
            DueAt = dueAt,
            IsDryRun = isDryRun,
            EventAt = Now,
            CreatedAt = Now,
            Seed = ulong.MaxValue - 1,
        },
        $"text of {rule}",
        claims) { Overlap = overlap };

    /// <summary>A run made for an event of its own.</summary>
    public async Task<Run> StartAsync(PlannedRun? planned = null) => (await DecideAsync(runs: planned ?? Plan())).Runs.Single();

    public Step SomeStep(string path = "do[0]", StepState state = StepState.Intended, string endpoint = "notes/create", string body = """{"text":"hi"}""", string? answer = null, bool hadEffect = false) => new()
    {
        Path = path,
        Kind = "reply",
        State = state,
        Intent = new Intent { Action = "reply", Endpoint = endpoint, Body = body, Summary = "reply to @bob: \"hi\"", Budget = "notes" },
        Answer = answer,
        At = Now,
        HadEffect = hadEffect,
    };
}

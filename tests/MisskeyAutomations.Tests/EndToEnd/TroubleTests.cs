using System.Net;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Misskey fails in every way it can; nothing is lost, and nothing is done twice.</summary>
public sealed class TroubleTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
          - name: back
            on: followed
            do:
              - follow: user
        """;

    [Fact]
    public async Task An_endpoint_that_asks_for_patience_is_left_alone_for_that_long()
    {
        await using var house = await House.OpenAsync(Rules);
        var bob = house.World.AddAccount("bob");
        house.Misskey.Inject("notes/create", Fault.RateLimit(TimeSpan.FromSeconds(3)));

        house.World.Post(bob, "@alice one");
        await Eventually.HoldsAsync(() => house.Writes().Count == 1, "the first answer is refused");
        house.World.Post(bob, "@alice two");
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 2, "both are answered later");

        var calls = house.Writes();
        Assert.Equal(429, calls[0].Status);
        Assert.Equal(3, calls.Count);
        Assert.All(calls.Skip(1), call => Assert.True(call.Time - calls[0].Time >= TimeSpan.FromSeconds(2.9), $"only {call.Time - calls[0].Time} later"));
    }

    [Fact]
    public async Task A_note_whose_answer_was_lost_is_found_and_not_sent_again_after_a_restart()
    {
        await using var house = await House.OpenAsync(Rules);
        house.Misskey.Inject("notes/create", Fault.ExecuteThenReset);

        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ WaitsFor: WaitReason.Uncertain }], "the run waits for certainty");
        await house.RestartAsync(later: TimeSpan.FromMinutes(30));
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        Assert.Single(house.World.RepliesTo(his));
        Assert.Equal(StepState.Done, Assert.Single(house.Ledger.Steps()).State);
    }

    [Fact]
    public async Task A_follow_whose_answer_was_lost_is_repeated_and_done_once()
    {
        await using var house = await House.OpenAsync(Rules);
        house.Misskey.Inject("following/create", Fault.ExecuteThenReset);
        var bob = house.World.AddAccount("bob");

        house.World.Follow(bob, house.Owner);
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        Assert.Equal([bob], house.World.FollowedBy(house.Owner));
        Assert.Equal(["RESET", "ALREADY_FOLLOWING"], house.Writes().Select(call => call.ErrorCode ?? ""));
    }

    [Fact]
    public async Task Behind_a_proxy_that_answers_for_a_dead_Misskey_follows_are_made_up_for_and_no_note_is_written_twice()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        house.Misskey.InjectAtRandom("*", Fault.Html502, probability: 1, seed: 1);
        await house.StartAsync();
        house.AddWebhook();
        var people = Enumerable.Range(0, 5).Select(i => house.World.AddAccount($"user{i}")).ToArray();

        foreach (var person in people)
        {
            house.World.Follow(person, house.Owner);
            house.World.Post(person, "@alice ping");
        }

        await house.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => house.Ledger.Deliveries().Count == 10, "all are taken");
        var whileDown = house.Calls("notes/create").Count + house.Calls("following/create").Count;
        house.Misskey.ClearFaults();
        await Eventually.HoldsAsync(
            () => house.World.FollowedBy(house.Owner).Count == 5, "everybody is followed", TimeSpan.FromSeconds(90));

        Assert.Equal(0, whileDown);
        Assert.All(people, person => Assert.InRange(house.World.RepliesTo(house.World.NotesOf(person)[0]).Count, 0, 1));
    }

    [Fact]
    public async Task Events_that_come_while_Misskey_cannot_be_reached_are_all_acted_on_once_it_can()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        await using var wire = new Wire(house.Misskey.Url);
        house.Server = wire.Url;
        wire.Cut();
        await house.StartAsync();
        house.AddWebhook();
        var people = Enumerable.Range(0, 5).Select(i => house.World.AddAccount($"user{i}")).ToArray();

        foreach (var person in people)
        {
            house.World.Follow(person, house.Owner);
            house.World.Post(person, "@alice ping");
        }

        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.WaitsFor == WaitReason.Retry) == 10, "all wait for another try");
        var whileDown = house.World.Calls.Count;
        wire.Mend();
        await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State == RunState.Succeeded), "all is done", TimeSpan.FromSeconds(90));

        Assert.Equal(0, whileDown);
        Assert.Equal(5, house.World.FollowedBy(house.Owner).Count);
        Assert.All(people, person => Assert.Single(house.World.RepliesTo(house.World.NotesOf(person)[0])));
    }

    [Fact]
    public async Task What_waits_for_its_next_try_goes_on_as_soon_as_its_server_is_back()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        await using var wire = new Wire(house.Misskey.Url);
        house.Server = wire.Url;
        await house.StartAsync();
        house.AddWebhook();
        await Eventually.HoldsAsync(() => house.World.Calls.Count == 4, "what is asked at the start is answered, so that no breaker opens");
        wire.Cut();
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ WaitsFor: WaitReason.Retry }], "it waits for another try");

        // By this clock, the next try is an hour away.
        house.Time.Jump = -TimeSpan.FromHours(1);
        wire.Mend();
        house.Engine.Services.GetRequiredService<LiveFeed>().TellFoundAgain("misskey");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "it is answered");

        Assert.Single(house.World.RepliesTo(his));
    }

    [Fact]
    public async Task A_revoked_token_pauses_the_account_and_a_new_one_does_everything_that_came_meanwhile()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        house.Token = house.World.IssueToken(house.Owner, "read:account", "write:notes", "write:following", "read:mutes", "read:blocks");
        await house.StartAsync();
        house.AddWebhook();
        var people = Enumerable.Range(0, 3).Select(i => house.World.AddAccount($"user{i}")).ToArray();
        house.World.Follow(people[0], house.Owner);
        await Eventually.HoldsAsync(() => house.World.FollowedBy(house.Owner).Count == 1, "the token works");

        house.World.RevokeToken(house.Token);
        house.World.Follow(people[1], house.Owner);
        await Eventually.HoldsAsync(() => house.Engine.Services.GetHolds().Paused.ContainsKey("main"), "the account is paused");
        var refused = house.World.Calls.Count(call => call.Status == 401);
        house.World.Follow(people[2], house.Owner);
        house.World.Post(people[2], "@alice ping");
        await house.RestAsync();
        var statuses = house.World.WaitingDeliveries;
        var refusedAfterwards = house.World.Calls.Count(call => call.Status == 401);
        house.Token = house.World.IssueToken(house.Owner, "read:account", "write:notes", "write:following", "read:mutes", "read:blocks");
        await house.RestartAsync();
        await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State == RunState.Succeeded), "all runs end well");

        Assert.Equal(0, statuses);
        Assert.Equal(refused, refusedAfterwards);
        Assert.Equal(3, house.World.FollowedBy(house.Owner).Count);
        Assert.Single(house.World.RepliesTo(house.World.NotesOf(people[2])[0]));
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_nothing_of_it_is_kept()
    {
        await using var house = await House.OpenAsync(Rules);
        await using var receiver = await HookReceiver.StartAsync();
        house.World.AddWebhook(house.World.AddAccount("bob"), receiver.Url, House.Secret, "note");
        house.World.Post(house.World.FindAccount("bob")!, "hi");
        var body = (await receiver.NextAsync()).Text;

        var answer = await house.PostAsync(body, secret: House.Secret + "x");

        Assert.Equal(HttpStatusCode.Unauthorized, answer);
        Assert.Empty(house.Ledger.Deliveries());
    }
}

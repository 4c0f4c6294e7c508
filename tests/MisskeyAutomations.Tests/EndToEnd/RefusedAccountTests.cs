using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sandbox.Faults;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The account is refused: its token is revoked, it is suspended, or it has moved.</summary>
public sealed class RefusedAccountTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
          - name: like
            on: mention
            when: user.notesCount >= 0
            do:
              - react: 👍
        """;

    private static readonly Dictionary<string, (Action<House> Refuse, Action<House> Mend, string Advice)> Refusals = new(StringComparer.Ordinal)
    {
        ["revoked"] = (house => house.World.RevokeToken(house.Token), _ => { }, "Make a new one in Misskey under Settings > API."),
        ["suspended"] = (house => house.World.Suspend(house.Owner), house => house.World.Unsuspend(house.Owner), "The account is suspended on its server."),
        ["moved"] = (
            house => house.Misskey.InjectAtRandom("*", Fault.RefuseWith(403, "YOUR_ACCOUNT_MOVED"), probability: 1, seed: 1), house => house.Misskey.ClearFaults(), "The account has moved to another server"),
    };

    public static TheoryData<string> Names => [.. Refusals.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_events_are_kept_one_line_says_what_to_do_and_nothing_more_is_asked(string name)
    {
        var (refuse, mend, advice) = Refusals[name];
        await using var house = await OpenAsync();
        var people = Enumerable.Range(0, 4).Select(number => house.World.AddAccount($"user{number}")).ToArray();
        refuse(house);
        house.AddWebhook();

        foreach (var person in people)
        {
            house.World.Post(person, "@alice ping");
        }

        await Eventually.HoldsAsync(() => house.Engine.Services.GetHolds().Paused.ContainsKey("main"), "the account is paused");
        await house.RestAsync();
        var asked = house.World.Calls.Count;
        house.World.Post(people[0], "@alice ping again");
        await house.RestAsync();
        Assert.Equal(asked, house.World.Calls.Count);
        var alert = Assert.Single(house.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.Contains(advice, alert, StringComparison.Ordinal);
        Assert.All(house.Ledger.Runs(), run => Assert.Equal((RunState.Waiting, WaitReason.Hold), (run.State, run.WaitsFor)));
        Assert.Equal(10, house.Ledger.Runs().Count);

        await house.Engine.Services.GetRequiredService<PausedAccounts>().AskAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["i"], house.World.Calls.Skip(asked).Select(call => call.Endpoint));
        mend(house);
        if (name == "revoked")
        {
            house.Token = house.World.IssueToken(house.Owner, "read:account", "write:notes", "write:reactions", "read:mutes", "read:blocks");
            await house.RestartAsync();
        }
        else
        {
            await house.Engine.Services.GetRequiredService<PausedAccounts>().AskAsync(TestContext.Current.CancellationToken);
        }

        await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State == RunState.Succeeded), "what was held is done");
        Assert.All(people.SelectMany(house.World.NotesOf), note => Assert.Equal((1, 1), (house.World.RepliesTo(note).Count, house.World.ReactionsTo(note).Count)));
    }

    [Fact]
    public async Task What_is_late_by_the_time_is_not_answered_any_more()
    {
        await using var house = await OpenAsync();
        house.World.Suspend(house.Owner);
        house.AddWebhook("mention");
        var bob = house.World.AddAccount("bob");
        var old = house.World.Post(bob, "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ WaitsFor: WaitReason.Hold }, { WaitsFor: WaitReason.Hold }], "the runs are held");

        house.Time.Shift += TimeSpan.FromHours(25);
        var fresh = house.World.Post(bob, "@alice ping again");
        await house.RestAsync();
        house.World.Unsuspend(house.Owner);
        await house.Engine.Services.GetRequiredService<PausedAccounts>().AskAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State >= RunState.Succeeded), "all runs are over");

        Assert.Equal([Gates.Late, Gates.Late, null, null], house.Ledger.Runs().Select(run => run.Gate));
        Assert.Empty(house.World.RepliesTo(old));
        Assert.Empty(house.World.ReactionsTo(old));
        Assert.Single(house.World.RepliesTo(fresh));
    }

    private static async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(Rules, start: false);
        house.Token = house.World.IssueToken(house.Owner, "read:account", "write:notes", "write:reactions", "read:mutes", "read:blocks");
        await house.StartAsync();
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("acts as", StringComparison.Ordinal)), "the account was checked");
        return house;
    }
}

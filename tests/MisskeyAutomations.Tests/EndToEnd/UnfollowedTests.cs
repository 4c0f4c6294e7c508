namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Who left is found by comparing followers.</summary>
public sealed class UnfollowedTests
{
    private const string Rules = """
        rules:
          - name: farewell
            on: unfollowed
            do:
              - log: ${user.acct}
        """;

    private static readonly TimeSpan Between = TimeSpan.FromHours(6);

    [Fact]
    public async Task Whoever_left_is_told_once_for_each_time_and_nobody_at_the_first_comparison()
    {
        await using var house = await OpenAsync(Rules);
        var (bob, carol) = (house.World.AddAccount("bob"), house.World.AddAccount("carol"));
        house.World.Follow(bob, house.Owner);
        house.World.Follow(carol, house.Owner);
        await CompareAsync(house);
        Assert.Empty(house.Ledger.Deliveries());

        house.World.Unfollow(bob, house.Owner);
        await CompareAsync(house);
        await CompareAsync(house);
        Assert.Equal([$"unfollowed:{bob.Id}"], house.Ledger.Runs().Select(run => run.Subject));

        house.World.Follow(bob, house.Owner);
        await CompareAsync(house);
        house.World.Unfollow(bob, house.Owner);
        await CompareAsync(house);
        Assert.Equal([$"unfollowed:{bob.Id}", $"unfollowed:{bob.Id}"], house.Ledger.Runs().Select(run => run.Subject));
    }

    [Fact]
    public async Task Whoever_was_suspended_deleted_or_blocked_did_not_leave()
    {
        await using var house = await OpenAsync(Rules);
        var people = Enumerable.Range(0, 4).Select(number => house.World.AddAccount($"person{number}")).ToArray();
        foreach (var person in people)
        {
            house.World.Follow(person, house.Owner);
        }

        await CompareAsync(house);
        house.World.Suspend(people[0]);
        house.World.DeleteAccount(people[1]);
        house.World.Block(house.Owner, people[2]);
        house.World.Block(people[3], house.Owner);
        await CompareAsync(house);

        Assert.Equal([$"unfollowed:{people[3].Id}"], house.Ledger.Runs().Select(run => run.Subject));
    }

    [Fact]
    public async Task A_list_that_broke_off_or_lacks_people_makes_nobody_leave()
    {
        await using var house = await OpenAsync(Rules);
        for (var number = 0; number < 150; number++)
        {
            house.World.Follow(house.World.AddAccount($"person{number}"), house.Owner);
        }

        await CompareAsync(house);
        house.Misskey.Inject("users/followers", new MisskeyAutomations.Sandbox.Faults.Fault.BadGateway(), times: 1);
        await CompareAsync(house);

        Assert.Empty(house.Ledger.Runs());
    }

    private static async Task<House> OpenAsync(string rules)
    {
        var house = await House.OpenAsync(rules, start: false);
        house.Followers = Between;
        return house;
    }

    /// <summary>Starts the engine when a comparison is due, and ends it when that is over.</summary>
    private static async Task CompareAsync(House house)
    {
        house.Time.Shift += Between + TimeSpan.FromMinutes(1);
        await house.StartAsync();
        var due = house.Time.GetUtcNow() - TimeSpan.FromMinutes(1);
        await Eventually.HoldsAsync(() => house.Ledger.FollowersComparedAt() > due, "the followers are compared");
        await house.RestAsync();
        await house.StopAsync();
    }
}

using MisskeyAutomations.Cli;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The owner takes the engine in hand while it runs: panic, and rule files edited under it.</summary>
public sealed class ControlTests
{
    private const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    [Fact]
    public async Task Panic_stops_every_call_also_over_a_restart_and_letting_go_does_what_came_meanwhile()
    {
        await using var house = await House.OpenAsync(Pong);
        var bob = house.World.AddAccount("bob");

        await AskAsync(house, "panic/on");
        house.World.Post(bob, "@alice one");
        await house.RestAsync();
        await house.RestartAsync();
        house.World.Post(bob, "@alice two");
        await house.RestAsync();
        var during = house.Writes().Count;
        var waiting = house.Ledger.Runs().Count(run => run.WaitsFor == WaitReason.Hold);
        await AskAsync(house, "panic/off");
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 2, "both are answered, before the minute's look would have found them", TimeSpan.FromSeconds(40));

        Assert.Equal(0, during);
        Assert.Equal(2, waiting);
    }

    [Fact]
    public async Task The_control_paths_are_not_served_to_the_network()
    {
        await using var house = await House.OpenAsync(Pong);
        using var http = new HttpClient();

        using var answer = await http.PostAsync(new Uri(house.Door, "/control/panic/on"), null, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();
        Assert.Single(house.Calls("notes/create"));
    }

    [Fact]
    public async Task A_changed_rule_comes_into_force_by_itself_and_a_broken_edit_leaves_the_last_good_set()
    {
        await using var house = await House.OpenAsync(Pong);
        var bob = house.World.AddAccount("bob");

        house.WriteRules(Pong.Replace("PONG!", "changed", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("reloaded", StringComparison.Ordinal)), "reloaded");
        var first = house.World.Post(bob, "@alice one");
        await house.RestAsync();
        house.WriteRules("rules:\n  - name: pong\n    on: mentoin\n    do: [");
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("last good ones", StringComparison.Ordinal)), "told");
        var second = house.World.Post(bob, "@alice two");
        await house.RestAsync();

        Assert.Equal("changed", Assert.Single(house.World.RepliesTo(first)).Text);
        Assert.Equal("changed", Assert.Single(house.World.RepliesTo(second)).Text);
    }

    [Fact]
    public async Task A_waiting_run_finishes_on_the_version_it_started_with_and_is_cancelled_when_its_rule_is_deleted()
    {
        const string Greet = """
            rules:
              - name: greet
                on: followed
                after: 1h
                do:
                  - note: first version
            """;
        const string Leave = """
            rules:
              - name: leave
                on: followed
                after: 1h
                do:
                  - note: never
            """;
        await using var house = await House.OpenAsync(Greet);
        house.WriteRules(Leave, "second.yaml");
        await ReloadedAsync(house, times: 1);
        house.World.Follow(house.World.AddAccount("bob"), house.Owner);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.WaitsFor == WaitReason.After) == 2, "both wait");

        house.WriteRules(Greet.Replace("first", "second", StringComparison.Ordinal));
        await ReloadedAsync(house, times: 2);
        File.Delete(Path.Combine(house.Rules, "second.yaml"));
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Any(run => run is { Rule: "leave", State: RunState.Cancelled }), "its run is cancelled, before the minute's look would have found it", TimeSpan.FromSeconds(40));
        await house.RestartAsync(later: TimeSpan.FromHours(1.1));
        await house.RestAsync();

        Assert.Equal(["first version"], house.World.NotesOf(house.Owner).Select(note => note.Text));
    }

    [Fact]
    public async Task A_rule_deleted_while_the_engine_was_down_cancels_its_waiting_run()
    {
        await using var house = await House.OpenAsync(Pong.Replace("do:", "after: 1h\n    do:", StringComparison.Ordinal));
        house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();
        await house.StopAsync();

        house.WriteRules("rules: []");
        house.Time.Shift += TimeSpan.FromHours(1.1);
        await house.StartAsync();
        await house.RestAsync();

        Assert.Equal(RunState.Cancelled, Assert.Single(house.Ledger.Runs()).State);
        Assert.Empty(house.Writes());
    }

    private static Task AskAsync(House house, string request) =>
        ControlSocket.AskAsync(house.Data, request, TestContext.Current.CancellationToken);

    private static Task ReloadedAsync(House house, int times) => Eventually.HoldsAsync(
        () => house.Log.Lines.Count(line => line.Contains("The rules were reloaded", StringComparison.Ordinal)) >= times, "the rules are reloaded");
}

internal static class EngineServices
{
    public static Holds GetHolds(this IServiceProvider services) => (Holds)services.GetService(typeof(Holds))!;
}

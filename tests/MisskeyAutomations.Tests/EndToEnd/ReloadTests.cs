using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Whatever way a file of the set is changed, the change is in force soon.</summary>
public sealed class ReloadTests
{
    // Where the file system tells nothing, the files are looked at every 3 s.
    private static readonly TimeSpan WithinSeconds = TimeSpan.FromSeconds(30);

    private const string Pong = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
        """;

    [Fact]
    public async Task A_list_in_a_file_of_its_own_is_read_again_when_it_changes()
    {
        await using var house = await House.OpenAsync("""
            lists:
              greetings: { file: greetings.txt }
            rules:
              - name: pong
                on: mention
                when: contains(note.said, lists.greetings)
                do:
                  - reply: PONG!
            """, start: false);
        var list = Path.Combine(house.Rules, "greetings.txt");
        File.WriteAllText(list, "hello\n");
        await house.StartAsync();
        house.AddWebhook();
        var bob = house.World.AddAccount("bob");
        var early = house.World.Post(bob, "@alice ahoy");
        await house.RestAsync();

        File.AppendAllText(list, "ahoy\n");
        await ReloadedAsync(house);
        var late = house.World.Post(bob, "@alice ahoy");
        await house.RestAsync();

        Assert.Empty(house.World.RepliesTo(early));
        Assert.Single(house.World.RepliesTo(late));
    }

    [Fact]
    public async Task Files_that_are_replaced_behind_links_are_read_again_as_Kubernetes_does_it()
    {
        await using var house = await House.OpenAsync(Pong, start: false);
        using var volumes = new TemporaryFolder();
        volumes.Write("one/rules.yaml", Pong);
        volumes.Write("two/rules.yaml", Pong.Replace("PONG!", "two", StringComparison.Ordinal));
        File.Delete(Path.Combine(house.Rules, "rules.yaml"));
        Directory.CreateSymbolicLink(Path.Combine(house.Rules, "..data"), volumes["one"]);
        File.CreateSymbolicLink(Path.Combine(house.Rules, "rules.yaml"), "..data/rules.yaml");
        await house.StartAsync();
        house.AddWebhook();

        Directory.CreateSymbolicLink(Path.Combine(house.Rules, "..data_tmp"), volumes["two"]);
        Directory.Delete(Path.Combine(house.Rules, "..data"));
        Directory.Move(Path.Combine(house.Rules, "..data_tmp"), Path.Combine(house.Rules, "..data"));
        await ReloadedAsync(house);
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();

        Assert.Equal("two", Assert.Single(house.World.RepliesTo(his)).Text);
    }

    [Fact]
    public async Task A_folder_that_was_deleted_keeps_its_rules_in_force_until_it_is_there_again()
    {
        await using var house = await House.OpenAsync(Pong);
        var bob = house.World.AddAccount("bob");

        Directory.Delete(house.Rules, recursive: true);
        var without = house.World.Post(bob, "@alice one");
        await house.RestAsync();
        house.WriteRules(Pong.Replace("PONG!", "again", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => IsReloaded(house), "it is read again", WithinSeconds);
        var with = house.World.Post(bob, "@alice two");
        await house.RestAsync();

        Assert.Equal("PONG!", Assert.Single(house.World.RepliesTo(without)).Text);
        Assert.Equal("again", Assert.Single(house.World.RepliesTo(with)).Text);
    }

    [Fact]
    public async Task What_waits_for_a_budget_goes_on_when_the_budget_grows()
    {
        const string Tight = "defaults: { budget: { notes: 1 per 1h } }\n" + Pong;
        await using var house = await House.OpenAsync(Tight);
        var notes = Enumerable.Range(0, 3).Select(number => house.World.Post(house.World.AddAccount($"user{number}"), "@alice ping")).ToList();
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.WaitsFor == WaitReason.Budget) == 2, "two wait for the budget");

        house.WriteRules(Tight.Replace("1 per", "9 per", StringComparison.Ordinal));
        await ReloadedAsync(house);
        await house.Engine.Services.GetRequiredService<RunPump>().ClaimDueAsync(TestContext.Current.CancellationToken);

        await Eventually.HoldsAsync(() => notes.TrueForAll(note => house.World.RepliesTo(note).Count == 1), "all are answered");
    }

    private static Task ReloadedAsync(House house) => Eventually.HoldsAsync(() => IsReloaded(house), "the rules are read again", WithinSeconds);

    private static bool IsReloaded(House house) => house.Log.Lines.Any(line => line.Contains("The rules were reloaded", StringComparison.Ordinal));
}

using System.Text.RegularExpressions;
using MisskeyAutomations.Tests.Cli;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The owner asks why rules did not run, while the engine runs.</summary>
public sealed partial class WhyTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            when: contains(note.said, 'ping')
            do:
              - reply: PONG!
          - name: later
            on: mention
            after: 1h
            do:
              - react: 👍
          - name: greet
            on: followed
            do:
              - follow: user
        """;

    [Fact]
    public async Task Every_rule_s_answer_is_told_with_values_steps_and_waits()
    {
        await using var house = await House.OpenAsync(Rules);
        var note = house.World.Post(house.World.AddAccount("bob"), "@alice hello \u001b[31m\u202e");
        await house.RestAsync();
        var delivery = house.Ledger.Deliveries().Single(delivery => delivery.Type == "mention");

        var newest = await AskAsync(house);
        var last = await AskAsync(house, "last");
        var one = await AskAsync(house, "last", "pong");

        Assert.Equal((0, ""), (newest.ExitCode, newest.Error));
        Assert.Matches($@"^ *{delivery.Id}  {delivery.EventId[..8]}  20..-..-.. ..:..:..  mention  @bob  waits: later; does not run: pong \(when\)\n$", newest.Output);
        Assert.Matches($"""
            ^event {delivery.Id}  mention  @bob  20..-..-.. ..:..:.. [+-]..:..
              id {delivery.EventId}, account main, by webhook, received 20..-..-.. ..:..:..
              pong  does not run: when  contains\(note.said, 'ping'\) = false \(note.said = 'hello .*'\)
              later  runs
                run 1  waits for the end of `after` until 20..-..-.. ..:..:..
              1 rule on other events; `why {delivery.Id} RULE` tells of each.
            $
            """.ReplaceLineEndings("\n").Replace("\n$", "$", StringComparison.Ordinal), last.Output);
        Assert.Equal(last.Output.Split('\n')[..3], one.Output.TrimEnd('\n').Split('\n'));
        Assert.DoesNotContain(newest.Output + last.Output, character => character is '\u001b' or '\u202e');
        foreach (var name in (string[])[$"{delivery.Id}", delivery.EventId, delivery.EventId[..13], note.Id, $"{house.Misskey.Url}notes/{note.Id}"])
        {
            Assert.Equal(last.Output, (await AskAsync(house, name)).Output);
        }
    }

    [Fact]
    public async Task Each_gate_that_knows_of_other_runs_names_them()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - { name: help, on: mention, group: g, when: "contains(note.said, 'help')", do: [{ react: 🆘 }] }
              - { name: any, on: mention, group: g, do: [{ react: 👀 }] }
              - { name: skip, on: mention, overlap: skip, do: [{ wait: 1h }, { log: x }] }
              - { name: queue, on: mention, overlap: queue, do: [{ wait: 1h }, { log: x }] }
              - { name: restart, on: mention, overlap: restart, do: [{ wait: 1h }, { log: x }] }
              - { name: full, on: mention, limit: 1 per user per 1h, do: [{ react: 👍 }] }
              - { name: delay, on: mention, limit: { max: 1, per: user, within: 1h, over: delay }, do: [{ reply: hey }] }
              - { name: over, on: mention, limit: { max: 1, per: user, within: 1h, over: [{ log: often }] }, do: [{ reply: hi }] }
              - { name: few, on: mention, when: user.followersCount > 100, do: [{ log: many }], else: [{ log: few }] }
              - { name: many, on: mention, when: user.followersCount > 100, do: [{ log: many }] }
            """);
        var bob = house.World.AddAccount("bob");
        house.World.Post(bob, "@alice help");
        await house.RestAsync();
        var runs = house.Ledger.Runs().ToDictionary(run => run.Rule, run => run.Id);
        house.World.Post(bob, "@alice help again");
        await house.RestAsync();

        var (exitCode, output, _) = await AskAsync(house, "last");

        Assert.Equal(0, exitCode);
        Assert.Contains("  any  does not run: group  'help' of group 'g' took the event\n", output, StringComparison.Ordinal);
        Assert.Contains($"  skip  does not run: overlap  run {runs["skip"]} of this rule is unfinished (overlap: skip)\n", output, StringComparison.Ordinal);
        Assert.Matches($@"  queue  runs  run {runs["queue"]} of this rule is unfinished \(overlap: queue\)\n    run \d+  waits for its turn\n", output);
        Assert.Contains($"  restart  runs  it takes the place of run {runs["restart"]} (overlap: restart)\n", output, StringComparison.Ordinal);
        var full = $@"1 per user per 1h: the one place for user:{bob.Id} is taken by run \d+ \(\S+ \S+ \+00:00\); the next is free at \S+ \S+ \+00:00";
        Assert.Matches($"  full  does not run: limit  {full}\n", output);
        Assert.Matches($"  delay  runs  {full}\n    run [0-9]+  waits for a place in its limit until [^\n]*\n", output);
        Assert.Matches($"  over  takes its `over` steps: limit  {full}\n    run [0-9]+  succeeded \\(takes `over`\\)\n      over\\[0\\]  log  done", output);
        Assert.Matches(@"  few  takes its `else`: when  user.followersCount > 100 = false \(user.followersCount = 0\)\n    run \d+  succeeded \(takes `else`\)\n", output);
        Assert.Matches(@"  many  does not run: when  user.followersCount > 100 = false \(user.followersCount = 0\)\n    run \d+  skipped: when\n", output);
    }

    [Fact]
    public async Task A_rule_that_was_not_asked_says_why_and_a_wrong_name_finds_the_nearest()
    {
        await using var house = await House.OpenAsync(Rules);
        house.World.Post(house.World.AddAccount("bob"), "@alice hello");
        await house.RestAsync();
        await house.StopAsync();
        house.WriteRules("rules: [{ name: new, on: mention, do: { react: 👍 } }, { name: off, on: mention, enabled: false, do: { react: 👍 } }]", "new.yaml");

        var all = await AskAsync(house, "last");
        var greet = await AskAsync(house, "last", "greet");
        var unknown = await AskAsync(house, "last", "gret");
        var noEvent = await AskAsync(house, "999999");
        house.WriteRules("rules: [{ name: broken }]", "new.yaml");
        var allOfBroken = await AskAsync(house, "last");
        var oneOfBroken = await AskAsync(house, "last", "greet");

        Assert.Contains("  new  was not asked  it was not in force when the event was decided: it was added or changed later\n", all.Output, StringComparison.Ordinal);
        Assert.Contains("  off  was not asked  it was not in force when the event was decided, and says `enabled: false` now\n", all.Output, StringComparison.Ordinal);
        Assert.EndsWith("  greet  was not asked  it starts on followed; the event is mention\n", greet.Output, StringComparison.Ordinal);
        Assert.Equal((64, "", "misskey-automations: There is no rule 'gret'. Did you mean 'greet'?\n"), unknown);
        Assert.Equal((64, "", "misskey-automations: No event '999999' is recorded. `why` without a name lists the newest; an old one is not found by the beginning of its id.\n"), noEvent);
        Assert.Equal(0, allOfBroken.ExitCode);
        Assert.Contains("  pong  does not run: when", allOfBroken.Output, StringComparison.Ordinal);
        Assert.EndsWith("  Rules that were not asked are not told: The rules have errors. `validate` shows them.\n", allOfBroken.Output, StringComparison.Ordinal);
        Assert.Equal((65, "", "misskey-automations: The rules have errors. `validate` shows them.\n"), oneOfBroken);
    }

    [Fact]
    public async Task What_no_rule_was_asked_about_says_so_and_an_answer_to_a_run_names_it()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: ask
                on: mention
                do:
                  - reply: Which colour?
                  - wait-for: reply
                    within: 30m
                  - log: thanks
            """);
        var none = await AskAsync(house);
        var bob = house.World.AddAccount("bob");
        house.World.Post(bob, "@alice hello");
        await house.RestAsync();
        house.World.Reply(bob, house.World.NotesOf(house.Owner).Single(), "@alice red");
        await house.RestAsync();
        var deliveries = house.Ledger.Deliveries();
        var heard = deliveries.Single(delivery => delivery.Note?.Contains("had waited for it", StringComparison.Ordinal) == true);
        var again = deliveries.Single(delivery => delivery.Note == $"Delivery {heard.Id} had reported the same event.");

        var newest = await AskAsync(house);
        var ofHeard = await AskAsync(house, $"{heard.Id}");
        var ofAgain = await AskAsync(house, $"{again.Id}", "ask");

        Assert.Equal((0, "No event is recorded yet.\n", ""), none);
        Assert.Contains("  ask  does not run: heard  run 1 of rule 'ask' had waited for it\n", ofHeard.Output, StringComparison.Ordinal);
        Assert.EndsWith($"  Delivery {heard.Id} had reported the same event.\n  ask  was not asked  no rule was asked about this event\n", ofAgain.Output, StringComparison.Ordinal);
        Assert.Matches("  note  +@alice +no rule starts on it\n", newest.Output);
    }

    [Fact]
    public async Task It_is_told_in_Japanese()
    {
        await using var house = await House.OpenAsync(Rules);
        house.World.Post(house.World.AddAccount("bob"), "@alice hello");
        await house.RestAsync();

        var newest = await AskAsync(house, "--lang", "ja");
        var last = await AskAsync(house, "last", "--lang", "ja");

        Assert.EndsWith("  mention  @bob  待機中: later; 実行しない: pong (when)\n", newest.Output, StringComparison.Ordinal);
        var lines = Moment.Replace(last.Output, "TIME").TrimEnd('\n').Split('\n');
        Assert.StartsWith("イベント 1  mention  @bob  TIME ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("、アカウント main、webhook で TIME に受信", lines[1], StringComparison.Ordinal);
        Assert.Equal(
            ["  pong  実行しない: when  contains(note.said, 'ping') = false (note.said = 'hello')", "  later  実行", "    実行 1  `after` の終わりを待機中 (TIME まで)", "  ルール 1 件がほかのイベントのものです。`why 1 ルール名` で個別に調べられます。"],
            lines[2..]);
    }

    [GeneratedRegex(@"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d", RegexOptions.None, 1_000)]
    private static partial Regex Moment { get; }

    [Theory]
    [InlineData("no database at all, but a page of prose that somebody saved here", "is damaged, or no database at all")]
    [InlineData("", "holds nothing of an engine")]
    public async Task A_file_that_is_no_store_is_told_with_what_to_do(string content, string told)
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/automations.db", content);

        var (code, output, error) = await ProgramRun.ToEndAsync(folder.Path, null, "why");

        Assert.Equal((74, ""), (code, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.Contains("--data", error, StringComparison.Ordinal);
        Assert.DoesNotContain("SQLite Error", error, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Output, string Error)> AskAsync(House house, params string[] arguments) =>
        ProgramRun.ToEndAsync(house.Data, null, ["why", .. arguments, "--data", house.Data, "--rules", house.Rules]);
}

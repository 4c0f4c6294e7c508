using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Tests.Cli;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>The owner settles what was sent and never confirmed.</summary>
public sealed class UncertainTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            do:
              - reply: PONG!
              - react: 👍
        """;

    [Theory]
    [InlineData("there", 1, StepState.Done, "a person found it there")]
    [InlineData("again", 2, StepState.Done, null)]
    [InlineData("drop", 1, StepState.Skipped, "a person gave it up")]
    public async Task A_run_goes_on_as_its_owner_says(string settlement, int notes, StepState state, string? reason)
    {
        await using var house = await House.OpenAsync(Rules);
        var his = await DoubtAsync(house);
        var run = Assert.Single(house.Ledger.Runs());

        var listed = await AskAsync(house, "list");
        var settled = await AskAsync(house, "settle", $"{run.Id}", settlement);
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");
        var after = await AskAsync(house, "list");

        Assert.Equal((0, ""), (listed.ExitCode, listed.Error));
        Assert.Matches($"^run {run.Id} of rule pong, account main, step do\\[0\\], 20.*\n  reply to @bob: \"PONG!\"\n  ", listed.Output);
        Assert.EndsWith("The engine finds out by itself while it runs; there is nothing that you must do.\n", listed.Output, StringComparison.Ordinal);
        Assert.Equal((0, "It is settled.\n", ""), settled);
        Assert.Equal("Nothing is uncertain.\n", after.Output);
        Assert.Single(house.Log.Lines, line => line.Contains("was sent and not confirmed; it is looked for", StringComparison.Ordinal));
        Assert.Equal(notes, house.World.RepliesTo(his).Count);
        Assert.Single(house.Calls("notes/reactions/create"));
        var step = house.Ledger.Steps().Single(step => step.Path == "do[0]");
        Assert.Equal((state, reason), (step.State, step.Reason));
    }

    [Fact]
    public async Task Whoever_is_woken_before_its_time_looks_and_finds()
    {
        await using var house = await House.OpenAsync(Rules);
        var his = await DoubtAsync(house);

        await house.Engine.Services.GetRequiredService<IRunStore>().ReleaseAsync(WaitReason.Uncertain, TestContext.Current.CancellationToken);
        await house.Engine.Services.GetRequiredService<RunPump>().ClaimDueAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ State: RunState.Succeeded }], "the run ends well");

        Assert.Single(house.World.RepliesTo(his));
        Assert.Contains(house.Ledger.Steps(), step => step is { State: StepState.Done, Reason: Reconciliation.FoundThere });
    }

    [Fact]
    public async Task What_cannot_be_settled_is_told_with_what_to_do()
    {
        await using var house = await House.OpenAsync(Rules);
        await DoubtAsync(house);
        var run = Assert.Single(house.Ledger.Runs());

        Assert.Equal((64, "", "misskey-automations: There is no run 999. `uncertain list` names them.\n"), await AskAsync(house, "settle", "999", "there"));
        Assert.Equal(
            (64, "", $"misskey-automations: Run {run.Id} has no such uncertain step. `uncertain list` shows them.\n"), await AskAsync(house, "settle", $"{run.Id}", "there", "--step", "do[1]"));
        Assert.Equal(64, (await AskAsync(house, "settle", $"{run.Id}", "perhaps")).ExitCode);
        using var empty = new TemporaryFolder();
        Assert.Equal(75, (await ProgramRun.ToEndAsync(empty.Path, null, "uncertain", "settle", "1", "there")).ExitCode);
        Assert.Equal(74, (await ProgramRun.ToEndAsync(empty.Path, null, "uncertain", "list")).ExitCode);
    }

    private static async Task<Note> DoubtAsync(House house)
    {
        house.Misskey.Inject("notes/create", Fault.ExecuteThenReset);
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await Eventually.HoldsAsync(() => house.Ledger.Runs() is [{ WaitsFor: WaitReason.Uncertain }], "the run waits for certainty");
        return his;
    }

    private static Task<(int ExitCode, string Output, string Error)> AskAsync(House house, params IEnumerable<string> arguments) =>
        ProgramRun.ToEndAsync(house.Data, null, [.. arguments.Prepend("uncertain"), "--data", house.Data]);
}

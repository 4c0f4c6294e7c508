using MisskeyAutomations.Checkup;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Translations;

namespace MisskeyAutomations.Tests.Checkup;

/// <summary>Each thing that may be wrong is brought about, and found, and told with what to do.</summary>
public sealed class DoctorTests
{
    // What a webhook's last request came to is told to who connects, too: these two to him alone, by Connecting/ConnectTests.
    private static readonly string[] OfProofs = ["its queue may be long", "it did not come to this engine"];

    // Parts of sentences.
    private static readonly string[] Parts = ["ahead of the server's.", "behind the server's."];

    public static TheoryData<string> ChecksOfAccount() => [.. Provocations.OfAccount.Select(provocation => provocation.Check).Distinct()];

    [Theory]
    [MemberData(nameof(ChecksOfAccount))]
    public async Task What_is_wrong_with_an_account_is_found(string check)
    {
        await using var patient = await Patient.AdmitAsync();

        await FindsAsync(patient, Provocations.OfAccount.Where(provocation => provocation.Check == check));
    }

    [Fact]
    public async Task What_is_wrong_with_a_stream_is_found()
    {
        await using var patient = await Patient.AdmitAsync(isReachable: false);

        await FindsAsync(patient, Provocations.OfStream);
    }

    [Fact]
    public async Task What_is_wrong_with_the_machine_is_found()
    {
        await using var patient = await Patient.AdmitAsync(isReachable: false);

        await FindsAsync(patient, Provocations.OfMachine);
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_is_found()
    {
        await using var patient = await Patient.AdmitAsync(isReachable: false);

        await FindsAsync(patient, Provocations.OfDisks);
    }

    [Fact]
    public void Whatever_may_be_found_is_brought_about_by_a_provocation_of_its_own()
    {
        var known = CodePhrases.Of(typeof(AccountCheckup), typeof(HookCheckup), typeof(HookWay), typeof(HookStatus), typeof(MachineFinding), typeof(StreamFinding), typeof(MachineCheckup), typeof(StreamCheckup));

        Assert.All(Provocations.All, provocation => Assert.Single(known, format => format.Contains(provocation.Tells, StringComparison.Ordinal)));
        Assert.All(known, format => Assert.Contains(
            Provocations.All.Select(provocation => provocation.Tells).Concat(OfProofs).Concat(Parts), part => format.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task All_is_well_but_for_the_profile()
    {
        await using var patient = await Patient.AdmitAsync();

        var found = await patient.LookAsync();

        Assert.Equal(["server", "clock", "token", "profile", "permissions", "surplus", "webhook", "types", "status", "way"], found.Select(finding => finding.Check));
        Assert.Equal("profile", Assert.Single(found, finding => finding.Mark != Mark.Good).Check);
        Assert.EndsWith("is Misskey 2025.4.1.", found[0].Sentence.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_all_that_is_told()
    {
        await using var patient = await Patient.AdmitAsync();
        patient.Configured = patient.By(patient.House.Owner) with { Server = new Uri($"http://127.0.0.1:{FreePort.Find()}") };

        var finding = Assert.Single(await patient.LookAsync());

        Assert.Equal(("server", Mark.Bad), (finding.Check, finding.Mark));
        Assert.Contains("cannot be reached: The server refuses the connection.", finding.Sentence.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permissions_are_told_with_the_rules_that_need_them_and_a_clock_with_its_direction()
    {
        await using var patient = await Patient.AdmitAsync();
        patient.Configured = patient.By(patient.House.Owner, "read:account", "read:blocks", "read:mutes", "write:account", "write:reactions");

        Assert.StartsWith("The token lacks read:notifications; write:notes (pong).", (await patient.LookAtAsync("permissions")).Sentence.ToString(), StringComparison.Ordinal);
        Assert.Contains("more than the rules need: write:account, write:reactions.", (await patient.LookAtAsync("surplus")).Sentence.ToString(), StringComparison.Ordinal);
        patient.House.Time.Shift = TimeSpan.FromSeconds(-60);
        Assert.Matches("clock is (5[5-9]|6[0-5]) s behind the server's. Set", (await patient.LookAtAsync("clock")).Sentence.ToString());
        patient.House.Time.Shift = TimeSpan.FromSeconds(60);
        Assert.Matches("clock is (5[5-9]|6[0-5]) s ahead of the server's. Set", (await patient.LookAtAsync("clock")).Sentence.ToString());
    }

    [Fact]
    public async Task Rules_that_are_not_there_are_told()
    {
        await using var patient = await Patient.AdmitAsync(isReachable: false);
        patient.Settings = patient.Fresh();

        var finding = await patient.LookAtAsync("rules");

        Assert.Equal(Mark.Bad, finding.Mark);
        Assert.StartsWith("There is no rules folder or file", finding.Sentence.ToString(), StringComparison.Ordinal);
    }

    private static async Task FindsAsync(Patient patient, IEnumerable<Provocation> provocations)
    {
        foreach (var provocation in provocations)
        {
            await provocation.BringAsync(patient);

            var finding = await patient.LookAtAsync(provocation.Check);

            Assert.Contains(provocation.Tells, finding.Sentence.Format, StringComparison.Ordinal);
            Assert.Equal(provocation.Mark, finding.Mark);
        }
    }
}

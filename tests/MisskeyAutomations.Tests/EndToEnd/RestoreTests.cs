using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.Cli;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>A backup that is put back does not act on anything twice, however much happened since.</summary>
public sealed class RestoreTests
{
    private const string Rules = """
        defaults:
          budget: { notes: 1000 per 1h }
          replies: { per-user: 1000 per 10m, per-thread: 1000 per 10m }
        rules:
          - name: pong
            on: mention
            when: not contains(note.said, 'later')
            do:
              - reply: PONG ${note.said}
          - name: in-a-while
            on: mention
            when: contains(note.said, 'later soon')
            after: 5s
            do:
              - reply: NOW ${note.said}
          - name: tomorrow
            on: mention
            when: contains(note.said, 'later tomorrow')
            late: 5d
            after: 24h
            do:
              - reply: DAY ${note.said}
        """;

    [Fact]
    public async Task After_an_old_backup_no_note_is_there_twice_and_what_happens_from_then_on_is_acted_on()
    {
        await using var house = await CatchUpTests.OpenAsync(Rules);
        var bob = house.World.AddAccount("bob");
        var before = house.World.Post(bob, "@alice before");
        var soon = house.World.Post(bob, "@alice later soon");
        var tomorrow = house.World.Post(bob, "@alice later tomorrow");
        await Eventually.HoldsAsync(() => house.World.RepliesTo(before).Any() && house.Ledger.Runs().Count(run => run.State == RunState.Waiting) == 2, "all are decided");
        var backup = Path.Combine(Path.GetDirectoryName(house.Data)!, "old.db");
        Backups.Make(Path.Combine(house.Data, "automations.db"), backup);
        Note[] since = [.. Enumerable.Range(0, 20).Select(number => house.World.Post(bob, $"@alice {number}"))];
        await Eventually.HoldsAsync(() => since.All(note => house.World.RepliesTo(note).Any()) && house.World.RepliesTo(soon).Any(), "all are answered");
        await house.RestAsync();
        await house.StopAsync();

        await RunAsync(house, "restore", backup);
        await house.StartAsync();
        await CatchUpTests.CaughtUpAsync(house, "23 events since");
        await house.RestAsync();

        Assert.All((Note[])[before, soon, .. since], note => Assert.Single(house.World.RepliesTo(note)));
        // A webhook that was answered too late for Misskey comes once more, and is one more delivery.
        var stale = house.Ledger.Deliveries().Where(delivery => delivery.State == DeliveryState.Stale).ToList();
        Assert.All(stale, delivery => Assert.Contains("a backup was restored", delivery.Note, StringComparison.Ordinal));
        Assert.InRange(stale.Count, since.Length, since.Length * 2);
        Assert.Contains(house.Ledger.Runs(), run => run.State == RunState.Cancelled && run.Reason!.Contains("a backup was restored", StringComparison.Ordinal));

        await house.RestartAsync(TimeSpan.FromMinutes(1));
        var fresh = house.World.Post(bob, "@alice fresh");
        await Eventually.HoldsAsync(() => house.World.RepliesTo(fresh).Any(), "what is new is answered");
        await house.RestartAsync(TimeSpan.FromHours(25));
        await Eventually.HoldsAsync(() => house.World.RepliesTo(tomorrow).Any(), "what waited for a later time has gone on");
    }

    [Fact]
    public async Task A_running_engine_is_not_restored_over_and_a_damaged_backup_not_at_all()
    {
        await using var house = await House.OpenAsync(Rules);
        var backup = Path.Combine(Path.GetDirectoryName(house.Data)!, "some.db");
        await RunAsync(house, "backup", backup);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(backup));
        Assert.Equal(73, (await ProgramRun.ToEndAsync(Path.GetDirectoryName(house.Data)!, null, "restore", backup, "--data", house.Data)).ExitCode);
        await house.StopAsync();
        var bytes = await File.ReadAllBytesAsync(backup, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(backup, bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        var (exitCode, _, error) = await ProgramRun.ToEndAsync(Path.GetDirectoryName(house.Data)!, null, "restore", backup, "--data", house.Data);

        Assert.Equal(74, exitCode);
        Assert.Contains(backup, error, StringComparison.Ordinal);
        await house.StartAsync();
    }

    [Fact]
    public async Task A_backup_without_a_name_goes_where_the_settings_say_and_leaves_as_many_as_they_say()
    {
        using var folder = new TemporaryFolder();
        folder.Write("automations.yaml", "backups: { directory: elsewhere, keep: 2 }\n");
        folder.Write("elsewhere/automations-20200101T000000Z.db", "");
        folder.Write("elsewhere/automations-20210101T000000Z.db", "");
        Store.Open(new StoreOptions { DataDirectory = folder["data"] }, TimeProvider.System).Dispose();

        var (exitCode, said, error) = await ProgramRun.ToEndAsync(folder.Path, null, "backup");

        Assert.True(exitCode == 0, error);
        var left = Backups.List(folder["elsewhere"]);
        Assert.Equal(["automations-20210101T000000Z.db"], left.Skip(1).Select(Path.GetFileName));
        Assert.Contains(Path.GetFileName(left[0]), said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder["data/backups"]));
        var (_, _, hint) = await ProgramRun.ToEndAsync(folder.Path, null, "restore");
        Assert.Contains(Path.GetFileName(left[0]), hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_of_the_API_that_a_backup_brings_back_are_told()
    {
        using var folder = new TemporaryFolder();
        Store.Open(new StoreOptions { DataDirectory = folder["data"] }, TimeProvider.System).Dispose();
        string[][] before = [["api-keys", "add", "lost-phone"], ["backup", folder["old.db"]], ["api-keys", "remove", "lost-phone"]];
        foreach (var command in before)
        {
            Assert.Equal(0, (await ProgramRun.ToEndAsync(folder.Path, null, command)).ExitCode);
        }

        var (exitCode, said, error) = await ProgramRun.ToEndAsync(folder.Path, null, "restore", folder["old.db"]);

        Assert.True(exitCode == 0, error);
        Assert.Contains("lost-phone", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_stored_of_a_person_is_removed_from_the_file()
    {
        await using var house = await House.OpenAsync(Rules);
        var bob = house.World.AddAccount("bobthebuilder");
        var carol = house.World.AddAccount("carol");
        house.World.Post(bob, "@alice an unmistakable sentence");
        house.World.Post(carol, "@alice hello");
        await house.RestAsync();
        await house.StopAsync();

        var (exitCode, output, error) = await ProgramRun.ToEndAsync(Path.GetDirectoryName(house.Data)!, null, "purge", "--user", "@bobthebuilder", "--yes", "--data", house.Data);

        Assert.True(exitCode == 0, error);
        Assert.Contains("All of it was removed", output, StringComparison.Ordinal);
        var stored = string.Concat(Directory.GetFiles(house.Data).Where(file => !file.EndsWith(".sock", StringComparison.Ordinal)).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        Assert.DoesNotContain("bobthebuilder", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("unmistakable", stored, StringComparison.Ordinal);
        Assert.DoesNotContain(bob.Id, stored, StringComparison.Ordinal);
        Assert.Contains(carol.Id, stored, StringComparison.Ordinal);
        await house.StartAsync();
    }

    private static async Task RunAsync(House house, params string[] arguments)
    {
        var (exitCode, _, error) = await ProgramRun.ToEndAsync(Path.GetDirectoryName(house.Data)!, null, [.. arguments, "--data", house.Data]);
        Assert.True(exitCode == 0, error);
    }
}

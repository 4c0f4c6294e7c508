using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>An engine that kept its store in a file goes on with PostgreSQL.</summary>
public sealed class MovedStoreTests
{
    private const string Rules = """
        defaults:
          budget: { notes: 1000000 per 1h }
        rules:
          - name: later
            on: mention
            do:
              - wait: 20s
              - reply: PONG!
        """;

    [Fact]
    public async Task What_waited_in_the_file_goes_on_in_PostgreSQL_and_all_is_done_once()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        var store = house.Environment[SharedHouse.StoreVariable];
        house.Environment.Remove(SharedHouse.StoreVariable);
        house.Folder(0).Write("rules/rules.yaml", Rules.Replace("20s", "1s", StringComparison.Ordinal));
        var notes = new List<Note>();
        await using (await house.StartAsync(0))
        {
            await MentionAsync(house, notes);
            await house.AnsweredOnceAsync(notes);
        }

        house.Folder(0).Write("rules/rules.yaml", Rules);
        await using (await house.StartAsync(0))
        {
            await MentionAsync(house, notes);
        }

        var (exitCode, _, error) = await ProgramRun.ToEndAsync(house.Folder(0).Path, house.Environment, "migrate-store", "--to", store);
        Assert.Equal((0, ""), (exitCode, error));

        var refused = await ProgramRun.ToEndAsync(house.Folder(0).Path, house.Environment, "run", "--urls", "http://127.0.0.1:0");
        Assert.Equal(78, refused.ExitCode);
        Assert.Contains("was moved to the PostgreSQL database", refused.Error, StringComparison.Ordinal);

        Assert.Equal(78, (await ProgramRun.ToEndAsync(house.Folder(0).Path, house.Environment, "why", "last")).ExitCode);

        house.Environment[SharedHouse.StoreVariable] = store;
        await using var moved = await house.StartAsync(0);
        await MentionAsync(house, notes);
        await house.AnsweredOnceAsync(notes);
    }

    private static async Task MentionAsync(SharedHouse house, List<Note> notes)
    {
        for (var number = 0; number < 10; number++)
        {
            var (note, hook) = await house.MentionAsync();
            await Eventually.HoldsAsync(() => house.DeliverAsync(hook, 0), "it is taken");
            notes.Add(note);
        }
    }
}

using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.Sandbox;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What commands do to a store on PostgreSQL: a person is forgotten, and an older state that is put back acts on nothing twice.</summary>
public sealed class SharedKeepingTests
{
    private const string Rules = """
        defaults:
          budget: { notes: 1000000 per 1h }
        rules:
          - name: pong
            on: mention
            when: not contains(note.said, 'later')
            do:
              - reply: PONG!
          - name: in-a-while
            on: mention
            when: contains(note.said, 'later')
            after: 10s
            do:
              - reply: NOW!
        """;

    [Fact]
    public async Task Of_a_purged_person_nothing_is_left_in_the_tables()
    {
        var store = SharedPostgres.NewSchema();
        await using var house = await SharedHouse.OpenAsync(store);
        var (bob, carol) = (await AnsweredAsync(house), await AnsweredAsync(house));
        Assert.True(CountNaming(store, bob.Author.Id) > 0);

        var (exitCode, output, error) = await ProgramRun.ToEndAsync(house.Folder(0).Path, house.Environment, "purge", "--user", "@user1", "--yes");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("All of it was removed", output, StringComparison.Ordinal);
        Assert.Equal(0L, CountNaming(store, bob.Author.Id));
        Assert.True(CountNaming(store, carol.Author.Id) > 0);
    }

    [Fact]
    public async Task Neither_is_done_while_another_engine_is_at_work()
    {
        await using var house = await SharedHouse.OpenAsync(SharedPostgres.NewSchema());
        await using var engine = await house.StartAsync(0);

        foreach (var command in (string[][])[["purge", "--user", "@user1", "--yes"], ["restore", "--after-pg-restore"]])
        {
            var (exitCode, _, error) = await ProgramRun.ToEndAsync(house.Folder(1).Path, house.Environment, command);

            Assert.Equal(73, exitCode);
            Assert.Contains("half a minute", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task After_pg_restore_no_note_is_there_twice_and_what_happens_from_then_on_is_acted_on()
    {
        using var server = new PostgresServer();
        var store = server.AddSchema();
        await using var house = await SharedHouse.OpenAsync(store);
        house.Folder(0).Write("rules/rules.yaml", Rules);
        var notes = new List<Note>();
        var hooks = new List<ReceivedHook>();
        string dump;
        await using (var engine = await house.StartAsync(0))
        {
            await TellAsync("hello");
            await house.AnsweredOnceAsync(notes);
            await TellAsync("later");
            await Eventually.HoldsAsync(
                () => server.Execute("select string_agg(state::text, ',') from test1.runs where state < 4") is "1",
                "one is done and one waits");
            dump = server.Dump("test1");
            await TellAsync("since");
            await house.AnsweredOnceAsync(notes);
            await engine.TerminateAsync();
            Assert.Equal(0, await engine.ExitCodeAsync());
        }

        server.Restore("test1", dump);
        var (exitCode, output, error) = await ProgramRun.ToEndAsync(house.Folder(0).Path, house.Environment, "restore", "--after-pg-restore");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("Runs that were ended because they may have gone on since: 1", output, StringComparison.Ordinal);

        await using var restored = await house.StartAsync(0);
        foreach (var hook in hooks)
        {
            Assert.True(await house.DeliverAsync(hook, 0));
        }

        await TellAsync("fresh");
        await house.AnsweredOnceAsync(notes);

        async Task TellAsync(string text)
        {
            var (note, hook) = await house.MentionAsync(text);
            Assert.True(await house.DeliverAsync(hook, 0));
            notes.Add(note);
            hooks.Add(hook);
        }
    }

    // The engine is ended again.
    private static async Task<Note> AnsweredAsync(SharedHouse house)
    {
        await using var engine = await house.StartAsync(0);
        var (note, hook) = await house.MentionAsync();
        Assert.True(await house.DeliverAsync(hook, 0));
        await house.AnsweredOnceAsync(note);
        await engine.TerminateAsync();
        Assert.Equal(0, await engine.ExitCodeAsync());
        return note;
    }

    // In any column of any table.
    private static long CountNaming(string store, string text)
    {
        var schema = store.Split("Search Path=")[1];
        return (long)SharedPostgres.Execute($"""
            select coalesce(sum((xpath('/row/n/text()', query_to_xml(format(
                'select count(*) as n from %I.%I t where t::text like %L or t::text like %L', table_schema, table_name, '%{text}%', '%{Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text))}%'), false, true, '')))[1]::text::bigint), 0)::bigint
            from information_schema.tables where table_schema = '{schema}'
            """)!;
    }
}

using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class MutedPeopleSyncTests
{
    [Fact]
    public async Task Muted_and_blocked_people_are_both_known()
    {
        await using var server = RawServer.Start(RawServer.ByPath(path => RawServer.Json(200, path == "mute/list"
            ? """[{"id":"m1","muteeId":"carol"}]""" : """[{"id":"b1","blockeeId":"dave"}]""")));
        await using var rig = new MisskeyRig(server.Address);
        var muted = rig.Get<MutedPeople>();

        Assert.Null(await SyncAsync(rig));

        Assert.True(muted.Contains("main", "carol"));
        Assert.True(muted.Contains("main", "dave"));
        Assert.False(muted.Contains("main", "erin"));
        Assert.False(muted.Contains("other", "carol"));
    }

    [Fact]
    public async Task Long_lists_are_read_page_by_page()
    {
        var entries = Enumerable.Range(0, 250).Reverse().Select(number => new { id = $"m{number:000}", muteeId = $"u{number}" }).ToList();
        await using var server = RawServer.Start(async (request, client) =>
        {
            using var body = JsonDocument.Parse(request.Body);
            var until = body.RootElement.TryGetProperty("untilId", out var id) ? id.GetString() : null;
            var page = request.Path == "/api/blocking/list" ? []
                : entries.Where(entry => until is null || string.CompareOrdinal(entry.id, until) < 0).Take(body.RootElement.GetProperty("limit").GetInt32());
            await RawServer.Json(200, JsonSerializer.Serialize(page))(request, client);
        });
        await using var rig = new MisskeyRig(server.Address);
        var muted = rig.Get<MutedPeople>();

        await SyncAsync(rig);

        Assert.Equal(3, server.Paths.Count(path => path == "/api/mute/list"));
        Assert.All(entries, entry => Assert.True(muted.Contains("main", entry.muteeId)));
    }

    [Fact]
    public async Task A_missing_permission_is_told_once_and_mutes_nobody()
    {
        await using var server = RawServer.Start(RawServer.Json(403, """{"error":{"code":"PERMISSION_DENIED","id":"1370e5b7-d4eb-4566-bb1d-7748ee6a1838"}}"""));
        await using var rig = new MisskeyRig(server.Address);
        var muted = rig.Get<MutedPeople>();

        Assert.Null(await SyncAsync(rig));
        Assert.Null(await SyncAsync(rig));

        Assert.False(muted.Contains("main", "carol"));
        Assert.Single(rig.Log.Lines, line => line.Contains("cannot read mute/list", StringComparison.Ordinal) && line.Contains("read:mutes", StringComparison.Ordinal));
        Assert.Single(rig.Log.Lines, line => line.Contains("cannot read blocking/list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_now_stays_what_it_was()
    {
        await using var server = RawServer.Start(RawServer.Json(200, """[{"id":"m1","muteeId":"carol","blockeeId":"dave"}]"""));
        await using var rig = new MisskeyRig(server.Address);
        var muted = rig.Get<MutedPeople>();
        await SyncAsync(rig);

        server.Behave(RawServer.Reset);
        var pause = await SyncAsync(rig);

        Assert.Equal(TimeSpan.FromSeconds(5), pause);
        Assert.True(muted.Contains("main", "carol"));
    }

    [Fact]
    public async Task Somebody_who_is_no_longer_muted_is_forgotten()
    {
        await using var server = RawServer.Start(RawServer.Json(200, """[{"id":"m1","muteeId":"carol"}]"""));
        await using var rig = new MisskeyRig(server.Address);
        var muted = rig.Get<MutedPeople>();
        await SyncAsync(rig);

        server.Behave(RawServer.Json(200, "[]"));
        await SyncAsync(rig);

        Assert.False(muted.Contains("main", "carol"));
    }

    [Fact]
    public async Task It_reads_again_every_hour()
    {
        await using var server = RawServer.Start(RawServer.Json(200, "[]"));
        await using var rig = new MisskeyRig(server.Address);
        var muted = rig.Get<MutedPeople>();

        await rig.Get<MutedPeopleSync>().StartAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => server.Requests.Count == 2, () => { });
        server.Behave(RawServer.Json(200, """[{"id":"m1","muteeId":"carol"}]"""));
        var started = rig.Clock.GetUtcNow();
        await UntilAsync(() => muted.Contains("main", "carol"), () => rig.Clock.Advance(TimeSpan.FromMinutes(1)));

        Assert.True(rig.Clock.GetUtcNow() - started >= TimeSpan.FromHours(1));
        await rig.Get<MutedPeopleSync>().StopAsync(TestContext.Current.CancellationToken);
    }

    private static Task<TimeSpan?> SyncAsync(MisskeyRig rig) => rig.Get<MutedPeopleSync>().SyncAsync("main", attempt: 0, TestContext.Current.CancellationToken);

    private static async Task UntilAsync(Func<bool> holds, Action meanwhile)
    {
        while (!holds())
        {
            meanwhile();
            await Task.Yield();
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}

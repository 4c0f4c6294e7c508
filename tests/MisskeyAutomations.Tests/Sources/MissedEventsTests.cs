using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Tests.Misskey;
using MisskeyAutomations.Tests.Storage;

namespace MisskeyAutomations.Tests.Sources;

/// <summary>Servers that page in ways of their own: nothing is left out, and nothing is told twice.</summary>
public sealed class MissedEventsTests : IDisposable
{
    private const string Me = "n000";

    private readonly SqliteUnderTest _store = new();
    private readonly List<string> _asked = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(Paging.OldestFirst)]
    [InlineData(Paging.NewestFirst)]
    [InlineData(Paging.WithTheOneAskedFor)]
    public async Task All_is_found_once_however_the_server_pages(Paging paging)
    {
        await using var server = Serve(paging, count: 250);
        await using var rig = new MisskeyRig(server.Address);

        var (first, outcome) = await BringAsync(rig, server, Mark("n020"));
        var (second, _) = await BringAsync(rig, server, (await _store.Inbox.FindCatchUpMarkAsync("main", Token))!);

        Assert.IsType<ActionOutcome.Done>(outcome);
        Assert.Equal(230, first.New);
        Assert.Equal(0, second.New);
        Assert.Equal(230, (await _store.Inbox.TakeAsync(0, 1_000, Token)).Count);
        Assert.Equal("n250", (await _store.Inbox.FindCatchUpMarkAsync("main", Token))!.NotificationId);
        Assert.All(_asked, body => Assert.Contains("\"markAsRead\":false", body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_first_mark_is_the_newest_notification_and_nothing_is_told()
    {
        await using var server = Serve(Paging.OldestFirst, count: 3);
        await using var rig = new MisskeyRig(server.Address);

        await new MissedEvents(new NotificationPages(rig.Get<MisskeySender>()), _store.Inbox, rig.Clock).BeginAsync(AccountAt(server.Address), Me, Token);

        Assert.Equal("n003", (await _store.Inbox.FindCatchUpMarkAsync("main", Token))!.NotificationId);
        await _store.Inbox.AddAsync(StoreUnderTest.Some("the only one"), Token);
        Assert.Single(await _store.Inbox.TakeAsync(0, 10, Token));
    }

    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 50)]
    [InlineData(3, 12)]
    [InlineData(40, 1)]
    public async Task After_failures_less_is_asked_for_at_once(int attempt, int limit)
    {
        await using var server = Serve(Paging.OldestFirst, count: 3);
        await using var rig = new MisskeyRig(server.Address);
        await _store.Inbox.CatchUpAsync(Mark("n000"), [], Token);
        var missed = new MissedEvents(new NotificationPages(rig.Get<MisskeySender>()), _store.Inbox, rig.Clock);
        using var catchUp = new CatchUp(
            missed, _store.Inbox, rig.Get<AccountDirectory>(), rig.Get<MisskeyAccountCheck>(), rig.Clock, NullLogger<CatchUp>.Instance);

        Assert.Null(await catchUp.LookAsync(AccountAt(server.Address), Me, attempt, Token));

        Assert.Equal(limit, JsonElement.Parse(_asked[0]).GetProperty("limit").GetInt32());
    }

    private Task<(Haul Found, ActionOutcome Outcome)> BringAsync(MisskeyRig rig, RawServer server, CatchUpMark mark) =>
        new MissedEvents(new NotificationPages(rig.Get<MisskeySender>()), _store.Inbox, rig.Clock)
            .BringAsync(AccountAt(server.Address), mark, NotificationPages.MostAtOnce, Token);

    private RawServer Serve(Paging paging, int count)
    {
        var all = Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"n{number:000}")).ToList();
        return RawServer.Start(async (request, client) =>
        {
            _asked.Add(request.BodyText);
            var body = JsonElement.Parse(request.BodyText);
            var since = body.TryGetProperty("sinceId", out var after) ? after.GetString() : null;
            var until = body.TryGetProperty("untilId", out var before) ? before.GetString() : null;
            var found = all.Where(id => (until is null || string.CompareOrdinal(id, until) < 0)
                && (since is null || string.CompareOrdinal(id, since) > (paging == Paging.WithTheOneAskedFor ? -1 : 0)));
            var isForward = since is not null && paging != Paging.NewestFirst;
            var page = (isForward ? found : found.Reverse()).Take(body.GetProperty("limit").GetInt32()).Select(Follow);
            await RawServer.Json(200, $"[{string.Join(',', page)}]")(request, client);
        });
    }

    private static string Follow(string id) => $$$"""
        {"id":"{{{id}}}","createdAt":"2026-11-24T03:00:00.000Z","type":"follow","userId":"u{{{id}}}","user":{"id":"u{{{id}}}","username":"u{{{id}}}","host":null}}
        """;

    private CatchUpMark Mark(string id) => new("main", Me, id, _store.Now);

    private static Account AccountAt(Uri server) => new() { Name = "main", Server = server, Token = new Secret(MisskeyRig.Token), HookSecrets = [], CatchUp = TimeSpan.FromMinutes(30) };

    /// <summary>How a server answers to what comes after one.</summary>
    public enum Paging
    {
        OldestFirst,
        NewestFirst,
        WithTheOneAskedFor,
    }
}

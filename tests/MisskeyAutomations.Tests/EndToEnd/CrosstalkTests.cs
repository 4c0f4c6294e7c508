using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using Account = MisskeyAutomations.Accounts.Account;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>
/// Thirty accounts on three servers in one process, on which everything that could tell them apart is the same: names, the ids of users, notes and
/// webhooks, and the very bytes of requests.
/// </summary>
public sealed class CrosstalkTests : IAsyncLifetime
{
    private const int PerServer = 10;
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            limit: 1 per user per 1h
            do:
              - reply: PONG ${note.said}
          - name: welcome
            on: followed
            do:
              - note: welcome ${user.username}
        """;

    // A clock that stands still: what is made in the same order has the same id.
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    private House _house = null!;
    private SandboxServer[] _servers = null!;
    private List<Member> _members = null!;
    private Person[] _bobs = null!;

    public async ValueTask InitializeAsync()
    {
        _house = await House.OpenAsync(Rules, _ => Options(), start: false);
        SandboxServer[] others = [await SandboxServer.StartAsync(Options(), TestContext.Current.CancellationToken), await SandboxServer.StartAsync(Options(), TestContext.Current.CancellationToken)];
        var alices = others.Select(server => server.World.AddAccount("alice", "Alice")).ToArray();
        _servers = [_house.Misskey, .. others];
        _members = [.. _servers.SelectMany((server, at) => Enumerable.Range(0, PerServer).Select(number => new Member(at, number, server.World.AddAccount($"user{number}"))))];
        _bobs = [.. _servers.Select(server => server.World.AddAccount("bob"))];
        _house.Accounts = _members.ConvertAll(member => member.AccountOn(_servers[member.At]));
        _servers[0].World.Mute(_members[0].Person, _bobs[0]);

        // That has an id as well: elsewhere somebody is muted, too, who never speaks.
        others[0].World.Mute(_members[PerServer].Person, alices[0]);
        others[1].World.Mute(_members[2 * PerServer].Person, alices[1]);
        await _house.StartAsync();
        foreach (var member in _members)
        {
            _servers[member.At].World.AddWebhook(member.Person, new Uri(_house.Door, member.Name).AbsoluteUri, member.Secret, "mention");
        }

        await Eventually.HoldsAsync(() => _members.TrueForAll(member => _servers[member.At].World.ChannelsOf(member.Person, "main") == 1), "all listen");
        await Eventually.HoldsAsync(() => _house.Engine.Services.GetRequiredService<MutedPeople>().Contains("s0-0", _bobs[0].Id), "who is muted is known");
    }

    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync();
        await _servers[1].DisposeAsync();
        await _servers[2].DisposeAsync();
    }

    [Fact]
    public async Task The_same_people_and_notes_on_three_servers_are_told_apart()
    {
        SetPaused(true);
        var notes = _members.ConvertAll(member => _servers[member.At].World.Post(_bobs[member.At], $"@user{member.Number} {member.Name}"));
        SetPaused(false);
        Assert.Single(_bobs.Select(bob => bob.Id).Distinct());
        Assert.Equal(PerServer, _members.Select(member => member.Person.Id).Distinct().Count());
        Assert.Equal(PerServer, notes.Select(note => note.Id).Distinct().Count());

        await Eventually.HoldsAsync(() => Enumerable.Range(1, notes.Count - 1).All(index => Answers(index, notes[index]).Count > 0), "all are answered but the one that muted bob");
        await _house.RestAsync();

        Assert.Empty(Answers(0, notes[0]));
        Assert.All(Enumerable.Range(1, notes.Count - 1), index =>
        {
            var answer = Assert.Single(Answers(index, notes[index]));
            Assert.Equal((_members[index].Person, $"PONG {_members[index].Name}"), (answer.Author, answer.Text!.Replace("@bob ", "", StringComparison.Ordinal)));
        });
        Assert.All(_members[1..], member => Assert.Single(_servers[member.At].World.NotesOf(member.Person)));
    }

    [Fact]
    public async Task The_same_request_counts_for_whose_secret_it_bears_and_for_nobody_else()
    {
        var fives = _members.Where(member => member.Number == 5).ToArray();
        var body = Followed(fives[0].Person);

        foreach (var member in _members)
        {
            foreach (var other in _members.Where(other => other != member && (other.At == member.At || other.Number == member.Number)))
            {
                Assert.Equal(HttpStatusCode.Unauthorized, await _house.PostAsync(body, other.Secret, member.Name));
            }
        }

        Assert.Empty(_house.Ledger.Deliveries());
        Assert.All(await Task.WhenAll(fives.Concat(fives).Select(member => _house.PostAsync(body, member.Secret, member.Name))), status => Assert.Equal(HttpStatusCode.NoContent, status));
        var six = _members.Single(member => member is { At: 0, Number: 6 });
        Assert.Equal(HttpStatusCode.NoContent, await _house.PostAsync(body, six.Secret, six.Name));
        await Eventually.HoldsAsync(() => fives.All(member => Welcomes(member) > 0), "each welcomes him");
        await _house.RestAsync();

        Assert.All(_members, member => Assert.Equal(member.Number == 5 ? 1 : 0, Welcomes(member)));
    }

    private SandboxOptions Options() => new() { RateLimits = false, DeliveriesPerSecond = 10_000, DeliveryTimeout = Eventually.Patience, TimeProvider = _clock };

    private void SetPaused(bool isPaused) => Array.ForEach(_servers, server => server.World.Paused = isPaused);

    private IReadOnlyList<Note> Answers(int index, Note note) => _servers[_members[index].At].World.RepliesTo(note);

    private int Welcomes(Member member) => _servers[member.At].World.NotesOf(member.Person).Count(note => note.Text == "welcome bob");

    private string Followed(Person me) => $$$"""
        {"server":"https://misskey.example","hookId":"h","userId":"{{{me.Id}}}","eventId":"0d5e32c0-5b3c-4c29-9b0a-0f6b5a4f9a11","createdAt":{{{_clock.GetUtcNow().ToUnixTimeMilliseconds()}}},
        "type":"followed","body":{"user":{"id":"{{{_bobs[0].Id}}}","username":"bob","host":null,"name":"bob","isBot":false} } }
        """;

    /// <summary>One of the accounts.</summary>
    private sealed record Member(int At, int Number, Person Person)
    {
        public string Name => $"s{At}-{Number}";

        public string Secret => $"0123456789abcdef-{At}-{Number}";

        public Account AccountOn(SandboxServer server) => new()
        {
            Name = Name,
            Server = server.Url,
            Token = new Secret(Person.Token),
            HookSecrets = [new Secret(Secret)],
            Source = AccountSource.Both,
            CatchUp = TimeSpan.FromHours(1),
        };
    }
}

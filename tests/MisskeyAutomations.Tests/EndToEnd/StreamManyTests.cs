using MisskeyAutomations.Accounts;
using MisskeyAutomations.Sandbox;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Many accounts on several servers in one process: each hears its own, and nobody else's.</summary>
public sealed class StreamManyTests
{
    private const int PerServer = 10;

    [Fact]
    public async Task Thirty_accounts_on_three_servers_answer_what_is_said_to_them_and_nothing_else()
    {
        await using var house = await House.OpenAsync("""
            rules:
              - name: pong
                on: mention
                do:
                  - reply: PONG ${note.said}
            """, options => options with { RateLimits = false }, start: false);
        await using var second = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, TimeProvider = house.Time }, TestContext.Current.CancellationToken);
        await using var third = await SandboxServer.StartAsync(new SandboxOptions { RateLimits = false, TimeProvider = house.Time }, TestContext.Current.CancellationToken);
        SandboxServer[] servers = [house.Misskey, second, third];

        // The same names everywhere: only the connection tells whose an event is.
        var people = servers.SelectMany((server, at) => Enumerable.Range(0, PerServer).Select(number => (Server: server, Name: $"s{at}-{number}", Person: server.World.AddAccount($"user{number}")))).ToList();
        house.Accounts = [.. people.Select(one => AccountOf(one.Server, one.Name, one.Person))];
        await house.StartAsync();
        await Eventually.HoldsAsync(() => people.TrueForAll(one => one.Server.World.ChannelsOf(one.Person, "main") == 1 && one.Server.World.ChannelsOf(one.Person) == 2), "all listen");

        var notes = servers.SelectMany(server =>
        {
            var bob = server.World.AddAccount("bob");
            return people.Where(one => one.Server == server).Select(one => (one.Server, one.Person, Note: server.World.Post(bob, $"@{one.Person.Username} {one.Name}"))).ToList();
        }).ToList();

        await Eventually.HoldsAsync(() => notes.TrueForAll(one => one.Server.World.RepliesTo(one.Note).Count > 0), "all are answered");
        await house.RestAsync();
        Assert.All(notes, one =>
        {
            var answer = Assert.Single(one.Server.World.RepliesTo(one.Note));
            Assert.Equal(one.Person, answer.Author);
            Assert.StartsWith("PONG s", answer.Text, StringComparison.Ordinal);
        });
        Assert.All(people, one => Assert.Single(one.Server.World.NotesOf(one.Person)));
    }

    private static Account AccountOf(SandboxServer server, string name, Person person) => new()
    {
        Name = name,
        Server = server.Url,
        Token = new Secret(person.Token),
        HookSecrets = [],
        Source = AccountSource.Streaming,
        CatchUp = TimeSpan.FromHours(1),
    };
}

using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>An hour in which Misskey's name cannot be looked up.</summary>
public sealed class NameTroubleTests
{
    private const string Rules = """
        rules:
          - name: pong
            on: mention
            late: 6h
            do:
              - reply: PONG!
          - name: back
            on: followed
            late: 6h
            do:
              - follow: user
        """;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan Outage = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(SocketError.TryAgain, false)]
    [InlineData(SocketError.HostNotFound, false)]
    [InlineData(SocketError.TryAgain, true)]
    public async Task Nothing_is_lost_and_nothing_doubled_and_the_name_server_is_left_in_peace(SocketError error, bool flaps)
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        var names = new NameServer(house.Time, error, flaps);
        (house.Names, house.Server) = (names.FindAsync, new Uri($"http://misskey.test:{house.Misskey.Url.Port}"));
        var begin = house.Time.GetUtcNow();
        await house.StartAsync();
        house.AddWebhook("mention", "followed");
        var people = Enumerable.Range(0, 5).Select(number => house.World.AddAccount($"user{number}")).ToArray();
        foreach (var person in people)
        {
            house.World.Follow(person, house.Owner);
            house.World.Post(person, "@alice ping");
        }

        await house.World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, house.World.WaitingDeliveries);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count == 10, "all is decided");
        while (house.Time.GetUtcNow() - begin < Outage)
        {
            await PassAsync(house, Round);
        }

        var asked = names.Asked;
        names.IsWell = true;

        // The breaker lets one call through each 30 s; whether it is time, is asked each 5 s.
        await PassAsync(house, TimeSpan.FromSeconds(35));
        await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State == RunState.Succeeded), "all is done without more time");

        Assert.InRange(asked, 10, (int)(Outage / TimeSpan.FromSeconds(5)));
        Assert.Equal(5, house.World.FollowedBy(house.Owner).Count);
        Assert.All(people, person => Assert.Single(house.World.RepliesTo(house.World.NotesOf(person)[0])));
        Assert.All(house.Ledger.Steps(), step => Assert.Equal(StepState.Done, step.State));
    }

    private static async Task PassAsync(House house, TimeSpan time)
    {
        house.Time.Shift += time;
        await house.Engine.Services.GetRequiredService<RunPump>().ClaimDueAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().All(run => run.State is not (RunState.Running or RunState.Ready)), "nothing is at work");
    }

    /// <summary>Fails; one that flaps tells ever again an address at which nothing listens.</summary>
    private sealed class NameServer(TimeProvider time, SocketError error, bool flaps)
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public bool IsWell { get; set; }

        public Task<IPAddress[]> FindAsync(string host, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _asked);
            return IsWell ? Task.FromResult<IPAddress[]>([IPAddress.Loopback])
                : flaps && time.GetUtcNow().Second % 3 == 0 ? Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.77")])
                : Task.FromException<IPAddress[]>(new SocketException((int)error));
        }
    }
}

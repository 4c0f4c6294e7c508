using MisskeyAutomations.Accounts;
using MisskeyAutomations.Inbox;
using Account = MisskeyAutomations.Sandbox.Model.Account;
using Note = MisskeyAutomations.Sandbox.Model.Note;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>A server that restarts, again and again, under traffic: nothing that it notifies of is missed, and nothing is decided twice.</summary>
public sealed class StreamTroubleTests(ITestOutputHelper output)
{
    private const string Rules = """
        rules:
          - name: all
            on: [followed, reply, renote, mention, reaction]
            do:
              - log: ${event.type}
        """;

    private static readonly int Events = Numbers.Of("MKA_STREAMED") ?? 200;
    private static readonly int Restarts = Numbers.Of("MKA_STREAM_RESTARTS") ?? 5;
    private static readonly int Ends = Numbers.Of("MKA_STREAM_ENDS") ?? 3;

    [Theory]
    [InlineData("streaming")]
    [InlineData("both")]
    public async Task Over_restarts_of_the_server_each_event_is_decided_once(string source)
    {
        await using var house = await House.OpenAsync(Rules, options => options with { RateLimits = false }, start: false);
        await StreamingTests.ListenAsync(house, places: 0, Enum.Parse<AccountSource>(source, ignoreCase: true));
        if (source == "both")
        {
            house.AddWebhook();
        }

        var mine = house.World.Post(house.Owner, "hello");
        var people = Enumerable.Range(0, 10).Select(number => house.World.AddAccount($"person{number}")).ToArray();
        var expected = new List<string>();
        for (var number = 0; number < Events; number++)
        {
            expected.Add(Happen(house, mine, people[number % people.Length], number));
            if (number % (Events / Restarts) == Events / Restarts / 2)
            {
                house.World.StreamsAreDown = true;
            }
            else if (house.World.StreamsAreDown && number % (Events / Restarts) == (Events / Restarts) - 1)
            {
                house.World.StreamsAreDown = false;
                await Eventually.HoldsAsync(() => house.World.ListenersOf(house.Owner) == 1, "the stream stands again");
            }
        }

        house.World.StreamsAreDown = false;
        await StreamingTests.RanAsync(house, expected.Count);
        await house.RestAsync();

        Assert.Equal(expected.Order(StringComparer.Ordinal), house.Ledger.Runs().Select(run => run.Subject).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(house.Ledger.Deliveries(), delivery => delivery.State is DeliveryState.Quarantined or DeliveryState.Unrouted);
    }

    [Theory]
    [InlineData("streaming")]
    [InlineData("both")]
    public async Task Over_ends_of_the_servers_process_each_event_is_decided_once(string source)
    {
        await using var house = await House.OpenAsync(Rules, options => options with { RateLimits = false }, start: false);
        await StreamingTests.ListenAsync(house, places: 0, Enum.Parse<AccountSource>(source, ignoreCase: true));
        if (source == "both")
        {
            house.AddWebhook();
        }

        var mine = house.World.Post(house.Owner, "hello");
        var people = Enumerable.Range(0, 10).Select(number => house.World.AddAccount($"person{number}")).ToArray();
        var expected = new List<string>();
        void Happens(int times)
        {
            for (var i = 0; i < times; i++)
            {
                expected.Add(Happen(house, mine, people[expected.Count % people.Length], expected.Count));
            }
        }

        var part = Events / Ends / 4;
        for (var end = 0; end < Ends; end++)
        {
            // While all is well; just before it ends, so that some is on its way; and before the engine is back.
            Happens(part);
            await StreamingTests.RanAsync(house, expected.Count);
            Happens(part);
            await house.Misskey.GoDownAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(100 * (end % 3)), TimeProvider.System, TestContext.Current.CancellationToken);
            await house.Misskey.ComeBackAsync(TestContext.Current.CancellationToken);
            Happens(part);
            await Eventually.HoldsAsync(() => house.World.ListenersOf(house.Owner) == 1, "the stream stands again");
            Happens(part);
        }

        await StreamingTests.RanAsync(house, expected.Count);
        await house.RestAsync();
        output.WriteLine($"{expected.Count} events over {Ends} ends of the process, {house.Ledger.Deliveries().Count} deliveries");

        Assert.Equal(expected.Order(StringComparer.Ordinal), house.Ledger.Runs().Select(run => run.Subject).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(house.Ledger.Deliveries(), delivery => delivery.State is DeliveryState.Quarantined or DeliveryState.Unrouted);
    }

    [Fact]
    public async Task A_connection_that_looks_open_and_is_dead_is_noticed_and_made_again()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        await using var line = new DeadLine(house.Misskey.Url);
        (house.Server, house.Liveness) = (line.Url, new() { PingEvery = TimeSpan.FromSeconds(1), PongWithin = TimeSpan.FromSeconds(1) });
        await StreamingTests.ListenAsync(house, places: 0);

        line.Die();
        var bob = house.World.AddAccount("bob");
        var missed = house.World.Post(bob, "@alice missed");
        await Eventually.HoldsAsync(() => house.World.ListenersOf(house.Owner) == 2, "another connection is made, of which the server does not know that it is the only one");
        await StreamingTests.RanAsync(house, 1);
        var heard = house.World.Post(bob, "@alice heard");
        await StreamingTests.RanAsync(house, 2);

        Assert.Equal([$"note:{missed.Id}", $"note:{heard.Id}"], house.Ledger.Runs().Select(run => run.Subject));
    }

    [Fact]
    public async Task What_comes_in_between_of_a_reader_without_notifications_is_lost_and_said_at_the_start()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        house.Source = AccountSource.Streaming;
        await house.StartAsync();

        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("while its stream is down is lost", StringComparison.Ordinal)), "it is said");
    }

    private static string Happen(House house, Note mine, Account person, int number)
    {
        switch (number % 4)
        {
            case 0:
                var fan = house.World.AddAccount($"fan{number}");
                house.World.Follow(fan, house.Owner);
                return $"followed:{fan.Id}";
            case 1:
                return $"note:{house.World.Reply(person, mine, $"@alice {number}").Id}";
            case 2:
                return $"note:{house.World.Quote(person, mine, $"{number}").Id}";
            default:
                var admirer = house.World.AddAccount($"admirer{number}");
                house.World.React(admirer, mine, "🎉");
                return $"reaction:{mine.Id}:{admirer.Id}:🎉";
        }
    }
}

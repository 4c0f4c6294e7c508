using System.Net;
using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Every webhook request that real servers sent is taken, and ends somewhere.</summary>
public sealed class RecordedWebhooksTests
{
    private const string Administration = "system";
    private const string SystemSecret = "administrators-0123456789";

    private const string Listener = """
        rules:
          - name: listener
            on: [follow, followed, unfollow, note, reply, renote, mention]
            include: [self, bots]
            do:
              - log: ${event.type}
        """;

    [Fact]
    public async Task Each_is_acknowledged_and_planned_and_those_of_the_test_button_are_kept_apart()
    {
        await using var house = await OpenAsync(DateTimeOffset.FromUnixTimeMilliseconds(Payloads.Names.Max(CreatedAt)));

        foreach (var name in Payloads.Names)
        {
            var secret = OwnerOf(name) == Administration ? SystemSecret : House.Secret;
            Assert.Equal(HttpStatusCode.NoContent, await house.PostAsync(Payloads.Body(name), secret, OwnerOf(name)));
        }

        await house.RestAsync();
        var deliveries = house.Ledger.Deliveries().ToDictionary(delivery => delivery.EventId, StringComparer.Ordinal);
        Assert.InRange(Payloads.Names.Count(IsDummy), 7, 20);
        Assert.InRange(Payloads.Names.Count, 160, int.MaxValue);
        Assert.Equal(Payloads.Names.Count, deliveries.Count);
        Assert.All(Payloads.Names, name =>
        {
            var expected = IsDummy(name) ? DeliveryState.Test : DeliveryState.Planned;
            Assert.Equal((name, expected), (name, deliveries[EventId(name)].State));
        });
        Assert.All(house.Ledger.Runs(), run => Assert.Equal((RunState.Succeeded, null), (run.State, run.Reason)));
        Assert.NotEmpty(house.Ledger.Runs());
    }

    [Fact]
    public async Task Those_for_another_user_are_kept_and_not_acted_on()
    {
        await using var house = await OpenAsync(DateTimeOffset.FromUnixTimeMilliseconds(Payloads.Names.Max(CreatedAt)));
        await house.PostAsync(Payloads.Body("mention-plain"), account: OwnerOf("mention-plain"));
        await house.RestAsync();
        var other = Payloads.Names.First(name => OwnerOf(name) != OwnerOf("mention-plain"));

        var answer = await house.PostAsync(Payloads.Body(other), account: OwnerOf("mention-plain"));

        Assert.Equal(HttpStatusCode.NoContent, answer);
        await house.RestAsync();
        Assert.Equal([DeliveryState.Planned, DeliveryState.Unrouted], house.Ledger.Deliveries().Select(delivery => delivery.State));
    }

    [Theory]
    [InlineData("1.01:00:00")]
    [InlineData("-00:11:00")]
    public async Task Those_a_day_old_or_from_the_future_are_kept_and_not_acted_on(string age)
    {
        await using var house = await OpenAsync(
            DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt("mention-plain")) + TimeSpan.Parse(age, System.Globalization.CultureInfo.InvariantCulture));

        var answer = await house.PostAsync(Payloads.Body("mention-plain"), account: OwnerOf("mention-plain"));

        Assert.Equal(HttpStatusCode.NoContent, answer);
        await house.RestAsync();
        Assert.Equal(DeliveryState.Stale, Assert.Single(house.Ledger.Deliveries()).State);
        Assert.Empty(house.Ledger.Runs());
    }

    // Nobody answers at the accounts' server, so whose hook it is is learned from the envelopes, as at a start while Misskey is down.
    private static async Task<House> OpenAsync(DateTimeOffset now)
    {
        var house = await House.OpenAsync(Listener, start: false);
        house.Accounts =
        [
            .. Payloads.Names.Select(OwnerOf).Distinct(StringComparer.Ordinal).Select(owner => new Account
            {
                Name = owner,
                Server = new Uri("http://127.0.0.1:9"),
                Token = new Secret("nobody asks for it"),
                HookSecrets = [new Secret(House.Secret)],
                SystemHookSecrets = [new Secret(SystemSecret)],
            }),
        ];
        house.Time.Shift = now - TimeProvider.System.GetUtcNow();
        await house.StartAsync();
        return house;
    }

    private static JsonElement Envelope(string name) => JsonElement.Parse(Payloads.Body(name));

    // Administrators' webhooks name no user.
    private static string OwnerOf(string name) => Envelope(name).TryGetProperty("userId", out var id) ? id.GetString()! : Administration;

    private static bool IsDummy(string name) =>
        Payloads.Body(name).Contains("\"dummy-", StringComparison.Ordinal) || name == "system-inactiveModeratorsWarning-test";

    private static string EventId(string name) => Envelope(name).GetProperty("eventId").GetString()!;

    private static long CreatedAt(string name) => Envelope(name).GetProperty("createdAt").GetInt64();
}

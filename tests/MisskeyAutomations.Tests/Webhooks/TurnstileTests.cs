using System.Net;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Webhooks;

/// <summary>Whoever knows a secret and pours out webhooks is put off, and nobody else is.</summary>
public sealed class TurnstileTests
{
    private const int PerSecond = 2;

    [Fact]
    public async Task A_flood_is_put_off_what_was_accepted_is_stored_and_others_are_taken_meanwhile()
    {
        await using var door = await Door.OpenAsync(perSecond: PerSecond);

        var flood = await Task.WhenAll(Enumerable.Range(0, 300).Select(number => door.PostAsync($$"""{"eventId":"e{{number}}"}""")));
        var accepted = flood.Count(answer => answer.StatusCode == HttpStatusCode.NoContent);
        var putOff = flood.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable).ToList();
        var administrators = await door.PostAsync("""{"eventId":"s"}""", secret: Door.SystemSecret);
        var other = await door.PostAsync("""{"eventId":"b"}""", account: "bob", secret: "shhh-bob-0123456789");
        var wrong = await door.PostAsync("{}", secret: "wrong");

        Assert.Equal(flood.Length, accepted + putOff.Count);
        Assert.True(accepted >= PerSecond * 10, $"only {accepted} were accepted");
        Assert.NotEmpty(putOff);
        Assert.All(putOff, answer => Assert.Equal(TimeSpan.FromSeconds(60), answer.Headers.RetryAfter?.Delta));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.Unauthorized), (administrators.StatusCode, other.StatusCode, wrong.StatusCode));
        Assert.Equal(accepted + 2, (await door.StoredAsync()).Count);
    }

    [Fact]
    public async Task Who_was_put_off_is_taken_a_little_later()
    {
        await using var door = await Door.OpenAsync(perSecond: PerSecond);
        HttpStatusCode last;
        do
        {
            last = (await door.PostAsync("{}")).StatusCode;
        }
        while (last == HttpStatusCode.NoContent);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, last);
        await Eventually.HoldsAsync(async () => (await door.PostAsync("{}")).StatusCode == HttpStatusCode.NoContent, "it is taken again");
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.Events;

/// <summary>What a notification tells is what its webhook would have told.</summary>
public sealed partial class NotificationEventsTests
{
    private const string Alice = "atxo91l6nxg80004";

    private static readonly Uri Server = new("http://127.0.0.1:3900");
    private static readonly DateTimeOffset ReceivedAt = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("mention", "mention | note:atxof67nnxg8005w user note")]
    [InlineData("mention-dm", "mention | note:atxof724nxg8005y user note")]
    [InlineData("reply", "reply mention | note:atxof8lonxg80060 user note")]
    [InlineData("renote", "renote | note:atxofa3enxg80062 user note")]
    [InlineData("quote", "renote | note:atxofawjnxg80064 user note")]
    [InlineData("followed", "followed | followed:atxo91z9nxg80005 user")]
    [InlineData("reaction", "reaction | reaction:atxobz4cnxg8002o:atxo91z9nxg80005:🎉 user note")]
    [InlineData("reaction-custom", "reaction | reaction:atxobz4cnxg8002o:atxo928znxg80006:hinata user note")]
    [InlineData("receiveFollowRequest", "followRequest | followRequest:atxo94agnxg8000a user")]
    [InlineData("followRequestAccepted", "followRequestAccepted | followRequestAccepted:atxo92uinxg80007 user")]
    [InlineData("poll-ended", "pollEnded | pollEnded:atxofefvnxg8006a note")]
    public void Recorded_notifications_become_events(string scenario, string expected)
    {
        var notification = Recorded(scenario);
        var happening = Read(NotificationEvents.Envelope(notification, Server, Alice)!.Value);

        var parts = (string[])[happening.User is null ? "" : " user", happening.Note is null ? "" : " note"];
        Assert.Equal(expected, $"{string.Join(' ', happening.Types)} | {happening.Subject.Key}{string.Concat(parts)}");
        Assert.Equal(EventStanding.Genuine, happening.Standing);
        Assert.Equal(("catch-up", "http://127.0.0.1:3900", Alice), (happening.Source, happening.Server, happening.MeId));
        Assert.Equal($"notification:{notification.GetProperty("id").GetString()}", happening.Id);
        Assert.Equal(notification.GetProperty("createdAt").GetDateTimeOffset(), happening.CreatedAt);
    }

    [Theory]
    [InlineData("""{ "id": "n1", "createdAt": "2026-11-24T03:00:00.000Z", "type": "app", "body": "hi", "header": null, "icon": null }""")]
    [InlineData("""{ "id": "n1", "createdAt": "2026-11-24T03:00:00.000Z", "type": "note", "userId": "u1", "user": { "id": "u1" }, "note": { "id": "9a" } }""")]
    [InlineData("""{ "id": "n1", "createdAt": "2026-11-24T03:00:00.000Z", "type": "achievementEarned", "achievement": "notes1" }""")]
    [InlineData("""{ "id": "n1", "createdAt": "2026-11-24T03:00:00.000Z", "type": "mention", "userId": "u1", "user": { "id": "u1" } }""")]
    [InlineData("""{ "id": "n1", "createdAt": "yesterday", "type": "follow", "userId": "u1", "user": { "id": "u1" } }""")]
    [InlineData("""{ "createdAt": "2026-11-24T03:00:00.000Z", "type": "follow", "userId": "u1", "user": { "id": "u1" } }""")]
    [InlineData("""{ "id": "n1", "createdAt": "2026-11-24T03:00:00.000Z" }""")]
    [InlineData("""[]""")]
    [InlineData("null")]
    public void What_no_trigger_is_about_or_lacks_its_matter_is_left_out(string notification) =>
        Assert.Null(NotificationEvents.Envelope(JsonElement.Parse(notification), Server, Alice));

    [Theory]
    [InlineData("mention")]
    [InlineData("direct")]
    [InlineData("reply")]
    [InlineData("renote")]
    [InlineData("quote")]
    [InlineData("followed")]
    public async Task An_event_is_the_same_whichever_way_it_comes(string what)
    {
        await using var stage = await Stage.SetAsync();
        var mine = stage.World.Post(stage.Alice, "mine");
        Action act = what switch
        {
            "mention" => () => stage.World.Post(stage.Bob, "@alice look #here"),
            "direct" => () => stage.World.Message(stage.Bob, stage.Alice, "between us"),
            "reply" => () => stage.World.Reply(stage.Bob, mine, "yes"),
            "renote" => () => stage.World.Renote(stage.Bob, mine),
            "quote" => () => stage.World.Quote(stage.Bob, mine, "so it is"),
            _ => () => stage.World.Follow(stage.Bob, stage.Alice),
        };
        act();
        var type = what switch { "direct" => "mention", "quote" => "renote", _ => what };

        var webhook = EventReader.Read((await stage.WebhookAsync("alice", type)).Json, "main", ReceivedAt);
        var list = (await stage.CallAsync(stage.Alice, "i/notifications", """{"markAsRead":false}""")).Json;
        var caughtUp = Read(NotificationEvents.Envelope(list[0], stage.Server.Url, stage.Alice.Id)!.Value);

        Assert.Equal(webhook.Types, caughtUp.Types);
        Assert.Equal(webhook.Subject, caughtUp.Subject);
        Assert.Equal((webhook.Standing, webhook.MeId, webhook.Visibility, webhook.Thread), (caughtUp.Standing, caughtUp.MeId, caughtUp.Visibility, caughtUp.Thread));
        Assert.Equal(webhook.Server, caughtUp.Server);
        Assert.Equal(Text(webhook.User), Text(caughtUp.User));
        Assert.Equal(Text(webhook.Note), Text(caughtUp.Note));
        Assert.Equal(webhook.Body.EnumerateObject().Select(part => part.Name), caughtUp.Body.EnumerateObject().Select(part => part.Name));
    }

    private static JsonElement Recorded(string scenario) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Events", "stream.jsonl"))
        .Select(line => JsonElement.Parse(line))
        .First(message => message.GetProperty("scenario").GetString() == scenario && message.GetProperty("type").GetString() == "notification")
        .GetProperty("body");

    private static Event Read(JsonElement envelope) => EventReader.Read(envelope, "main", ReceivedAt, "catch-up");

    private static string? Text(JsonElement? entity) => entity is null ? null : Aside.Replace(entity.Value.GetRawText(), "");

    // What webhooks show of a note besides it.
    [GeneratedRegex("\"reactionAndUserPairCache\":\\[[^\\]]*\\],", RegexOptions.None, 1_000)]
    private static partial Regex Aside { get; }
}

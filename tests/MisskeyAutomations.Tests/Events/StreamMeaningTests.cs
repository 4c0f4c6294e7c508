using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Events;

/// <summary>What a real server streamed to alice, put into envelopes as a streaming source does.</summary>
public sealed class StreamMeaningTests
{
    private const string Alice = "atxo91l6nxg80004";

    private static readonly DateTimeOffset ReceivedAt = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);

    private static readonly JsonElement[] Messages =
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Events", "stream.jsonl")).Select(line => JsonElement.Parse(line))];

    [Theory]
    [InlineData("note", "note", "timeline:home | timeline:home:atxof5danxg8005v")]
    [InlineData("mention", "note", "timeline:home | timeline:home:atxof67nnxg8005w user")]
    [InlineData("mention", "mention", "mention | note:atxof67nnxg8005w user")]
    [InlineData("mention", "notification", "mention | note:atxof67nnxg8005w user")]
    [InlineData("mention-dm", "mention", "mention | note:atxof724nxg8005y user")]
    [InlineData("reply", "mention", "reply mention | note:atxof8lonxg80060 user")]
    [InlineData("reply", "reply", "reply mention | note:atxof8lonxg80060 user")]
    [InlineData("reply", "notification", "reply mention | note:atxof8lonxg80060 user")]
    [InlineData("renote", "renote", "renote | note:atxofa3enxg80062 user")]
    [InlineData("renote", "notification", "renote | note:atxofa3enxg80062 user")]
    [InlineData("quote", "notification", "renote | note:atxofawjnxg80064 user")]
    [InlineData("follow", "follow", "follow | follow:atxo928znxg80006 user recurs")]
    [InlineData("follow", "notification", "followRequestAccepted | followRequestAccepted:atxo928znxg80006 user recurs")]
    [InlineData("followed", "followed", "followed | followed:atxo91z9nxg80005 user recurs")]
    [InlineData("followed", "notification", "followed | followed:atxo91z9nxg80005 user recurs")]
    [InlineData("unfollow", "unfollow", "unfollow | unfollow:atxo928znxg80006 user recurs")]
    [InlineData("reaction", "notification", "reaction | reaction:atxobz4cnxg8002o:atxo91z9nxg80005:🎉 user")]
    [InlineData("reaction-custom", "notification", "reaction | reaction:atxobz4cnxg8002o:atxo928znxg80006:hinata user")]
    [InlineData("receiveFollowRequest", "receiveFollowRequest", "followRequest | followRequest:atxo94agnxg8000a user recurs")]
    [InlineData("receiveFollowRequest", "notification", "followRequest | followRequest:atxo94agnxg8000a user recurs")]
    [InlineData("followRequestAccepted", "notification", "followRequestAccepted | followRequestAccepted:atxo92uinxg80007 user recurs")]
    [InlineData("poll-ended", "notification", "pollEnded | pollEnded:atxofefvnxg8006a")]
    public void A_streamed_message_means_what_it_says(string scenario, string type, string expected)
    {
        var happening = Read(scenario, type);

        var recurs = happening.Subject.Recurs ? " recurs" : "";
        var user = happening.User is null ? "" : " user";
        Assert.Equal(expected, $"{string.Join(' ', happening.Types)} | {happening.Subject.Key}{user}{recurs}");
        Assert.Equal(EventStanding.Genuine, happening.Standing);
        Assert.Equal("streaming", happening.Source);
    }

    [Fact]
    public void A_notification_that_no_rule_can_name_is_unknown() =>
        Assert.Equal(EventStanding.Unknown, Read("notification-app", "notification").Standing);

    [Fact]
    public void The_end_of_my_own_poll_is_nobodys_deed() => Assert.Null(Read("poll-ended", "notification").ActorId);

    [Theory]
    [InlineData("reaction", "🎉")]
    [InlineData("reaction-custom", "hinata")]
    public void A_reaction_is_spelt_as_react_takes_it(string scenario, string reaction)
    {
        var scope = EventScope.Create(Read(scenario, "notification"), RuleSet.Empty, ReceivedAt);

        Assert.Equal(reaction, scope["reaction"].ToText());
    }

    [Theory]
    [InlineData(":star@.:", "star")]
    [InlineData(":star:", "star")]
    [InlineData(":star@misskey.example:", "star@misskey.example")]
    [InlineData("❤", "❤")]
    public void Stored_spellings_of_emoji_are_read(string stored, string reaction)
    {
        var envelope = EnvelopeOf("reaction", "notification");
        envelope["body"]!["reaction"] = stored;

        Assert.Equal(reaction, EventReader.Read(JsonElement.Parse(envelope.ToJsonString()), "main", ReceivedAt, "streaming").Reaction);
    }

    [Fact]
    public void The_other_stored_types_without_their_matter_are_malformed()
    {
        string[] types = ["reaction", "followRequest", "followRequestAccepted", "pollEnded", "unfollowed", "abuseReport", "userCreated", "reportAutoResolved"];

        Assert.All(types, type => Assert.Equal(
            EventStanding.Malformed, EventReader.Read(JsonElement.Parse($$"""{ "type": "{{type}}", "eventId": "1", "body": { } }"""), "main", ReceivedAt).Standing));
    }

    private static Event Read(string scenario, string type) =>
        EventReader.Read(JsonElement.Parse(EnvelopeOf(scenario, type).ToJsonString()), "main", ReceivedAt, "streaming");

    private static JsonObject EnvelopeOf(string scenario, string type)
    {
        var message = Messages.First(one => one.GetProperty("scenario").GetString() == scenario && one.GetProperty("type").GetString() == type);
        var envelope = new JsonObject
        {
            ["server"] = "http://127.0.0.1:3900",
            ["userId"] = Alice,
            ["eventId"] = "1",
            ["type"] = type,
            ["body"] = JsonNode.Parse(message.GetProperty("body").GetRawText()),
        };
        if (message.GetProperty("channel").GetString() == "homeTimeline")
        {
            envelope["place"] = "timeline:home";
        }

        return envelope;
    }
}

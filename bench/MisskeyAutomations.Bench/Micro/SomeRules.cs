using System.Globalization;
using System.Text;
using System.Text.Json;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Bench.Micro;

/// <summary>Rule sets and an event as they are met in practice.</summary>
internal static class SomeRules
{
    /// <summary>So many rules on <c>mention</c>, each with a condition of its own, none of which holds.</summary>
    public static RuleSet OnMention(int count)
    {
        var text = new StringBuilder("rules:\n");
        for (var i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"""
                  - name: rule-{i}
                    on: mention
                    when: contains(note.said, 'word{i}') and not user.isBot
                    do:
                      - reply: Hello, ${"{user.name}"}!

                """);
        }

        var reading = RuleReader.Read([new SourceText("rules.yaml", text.ToString())], ActionTable.Descriptors);
        return reading.RuleSet ?? throw new InvalidOperationException(DiagnosticText.Render(reading.Diagnostics));
    }

    /// <summary>A mention as recorded.</summary>
    public static Event Mention()
    {
        const string Envelope = """
            {"server":"https://misskey.example","hookId":"atxobffpnxg8001d","userId":"atxo91l6nxg80004","eventId":"0471bf03-68f6-403c-9e6f-db37f5fac046","createdAt":1795489417475,"type":"mention","body":{"note":{"id":"atxocqfwnxg80046","createdAt":"2026-11-24T03:03:37.436Z","userId":"atxo91z9nxg80005","user":{"id":"atxo91z9nxg80005","name":"ボブ","username":"bob","host":null,"avatarUrl":null,"avatarBlurhash":null,"avatarDecorations":[],"isBot":false,"isCat":false,"emojis":{},"onlineStatus":"unknown","badgeRoles":[]},"text":"@alice こんにちは、今日はいい天気ですね。 How are you?","cw":null,"visibility":"public","localOnly":false,"reactionAcceptance":null,"renoteCount":0,"repliesCount":0,"reactionCount":0,"reactions":{},"reactionEmojis":{},"fileIds":[],"files":[],"replyId":null,"replyUserId":null,"renoteId":null,"mentions":["atxo91l6nxg80004"],"clippedCount":0}}}
            """;
        return EventReader.Read(JsonDocument.Parse(Envelope).RootElement, "main", DateTimeOffset.FromUnixTimeMilliseconds(1795489417475));
    }
}

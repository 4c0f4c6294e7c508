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
    private const int RulesInFile = 1_000;

    /// <summary>So many rules on <c>mention</c>, each with a condition of its own, none of which holds; besides, rules on <c>note</c>.</summary>
    public static RuleSet OnMention(int count, int besides = 0)
    {
        var reading = RuleReader.Read([.. Enumerable.Range(0, count + besides).Chunk(RulesInFile).Select(File)], ActionTable.Descriptors);
        return reading.RuleSet ?? throw new InvalidOperationException(DiagnosticText.Render(reading.Diagnostics));

        SourceText File(int[] numbers)
        {
            var text = new StringBuilder("rules:\n");
            foreach (var i in numbers)
            {
                text.Append(CultureInfo.InvariantCulture, $"""
                      - name: rule-{i}
                        on: {(i < count ? "mention" : "note")}
                        when: contains(note.said, 'word{i}') and length(note.text) > 5
                        do:
                          - react: star

                    """);
            }

            return new($"rules-{numbers[0]}.yaml", text.ToString());
        }
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

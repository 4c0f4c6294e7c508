using System.Text.Json;
using CsCheck;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Tests.BuiltInActions;

/// <summary>Whatever a server sends as a note, steps neither fail on it nor show it to more people.</summary>
public sealed class HostileNotesTests
{
    private static readonly string[] Keys =
    [
        "id", "userId", "user", "username", "host", "text", "cw", "visibility", "visibleUserIds", "localOnly", "channelId", "channel",
        "reply", "replyId", "renote", "renoteId", "fileIds", "poll", "allowRenoteToExternal",
    ];

    private static readonly string[] Leaves =
    [
        "null", "true", "7", "\"\"", "\"bob1\"", "\"alice1\"", "\"n1\"", "\"public\"", "\"home\"", "\"followers\"", "\"specified\"", "\"PUBLIC\"",
        "[]", "[\"carol1\",7,null,\"../x\"]", "{}", "\"@everyone $[x #y\"", "\"bob\"",
    ];

    /// <summary>What is not hostile about a note is that of an ordinary one, so that many of them can be acted on.</summary>
    private static readonly string Ordinary = Some.Note(visibility: "home").GetRawText()[1..];

    [Fact]
    public void Every_step_copes_and_keeps_the_floor()
    {
        var notes = Gen.Recursive<string>((depth, inner) => depth > 2 ? Gen.OneOf(Leaves)
            : Gen.Select(Gen.OneOf(Keys), Gen.Frequency((3, Gen.OneOf(Leaves)), (1, inner))).Array[0, 14]
                .Select(pairs => $"{{{string.Join(',', pairs.DistinctBy(pair => pair.Item1, StringComparer.Ordinal).Select(pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}"));
        var ready = 0;

        notes.Sample(json =>
        {
            var note = WithDefaults(json);

            var @event = Some.Event() with { Note = note, User = note.FindObject("user") };
            foreach (var row in ActionTable.Descriptors)
            {
                Value main = row.Main switch { ParameterType.Note => Value.From(note), ParameterType.User => Value.From(note.FindObject("user") ?? note), _ => Some.Mixed("star", "") };

                var preparation = Some.Prepare(row.Name, @event, main);

                if (preparation is Preparation.Ready { Intent: var intent } && row.Name is "reply" or "quote" or "renote")
                {
                    ready++;
                    Assert.False(Audience.IsWider(intent.Visibility!, Audience.Of(note)), $"{row.Name} {json}");
                }
            }
        }, iter: 2_000, threads: 1);
        Assert.True(ready > 500, $"only {ready} were acted on");
    }

    private static JsonElement WithDefaults(string json)
    {
        var hostile = JsonElement.Parse(json);
        var note = JsonElement.Parse($"{{{Ordinary}").EnumerateObject().ToDictionary(property => property.Name, property => property.Value, StringComparer.Ordinal);
        foreach (var property in hostile.ValueKind == JsonValueKind.Object ? hostile.EnumerateObject() : default)
        {
            note[property.Name] = property.Value;
        }

        return JsonSerializer.SerializeToElement(note);
    }
}

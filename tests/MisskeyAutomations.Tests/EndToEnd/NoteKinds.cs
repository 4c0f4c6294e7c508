using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Nine rules that make a note of each kind when somebody is mentioned.</summary>
internal static class NoteKinds
{
    public const int Count = 9;

    public static string Rules(SandboxWorld world, Account owner) => $$"""
        defaults:
          replies: { per-user: 1000 per 1h, per-thread: 1000 per 1h }
        rules:
        {{Rule("plain", "note: plain")}}
        {{Rule("reply", "reply: reply")}}
        {{Rule("quote", "quote: quote")}}
        {{Rule("renote", "renote: note")}}
        {{Rule("dm", "dm: dm")}}
        {{Rule("poll", "note: poll", "poll: { choices: [cats, dogs] }")}}
        {{Rule("cw", "note: warned", "cw: warning")}}
        {{Rule("file", "note: file", $"files: '\"{world.AddFile(owner, "cat.png", "image/png", [1, 2, 3]).Id}\"'")}}
        {{Rule("channel", "note: channel", $"channel: {world.AddChannel(owner, "lounge").Id}")}}
        """;

    /// <summary>Each kind once, and nothing else.</summary>
    public static void CheckOnce(SandboxWorld world, Account owner)
    {
        var notes = world.NotesOf(owner);
        Assert.Equal(
            ["", "channel", "dm", "file", "plain", "poll", "quote", "reply", "warned"],
            notes.Select(note => note.Text ?? "").Order(StringComparer.Ordinal));
    }

    private static string Rule(string name, params IEnumerable<string> step) =>
        $"  - name: {name}\n    on: mention\n    do:\n      - {string.Join("\n        ", step)}";
}

using System.Text.Json;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Tests.Expressions;

/// <summary>Each note brings its own mark, wherever it stands.</summary>
public sealed class NoteMarksTests
{
    [Theory]
    [InlineData("followers", true)]
    [InlineData("specified", true)]
    [InlineData("public", false)]
    public void A_public_note_that_answers_another_does_not_lend_it_its_openness(string visibility, bool isPrivate)
    {
        var note = Value.From(JsonDocument.Parse(
            $$"""{ "visibility": "public", "text": "yes", "reply": { "visibility": "{{visibility}}", "text": "secret" } }""").RootElement);

        var answered = note.Map!.Entries["reply"].Map!.Entries["text"];

        Assert.Equal(isPrivate, answered.Marks.HasFlag(ValueMarks.Private));
        Assert.False(note.Map.Entries["text"].Marks.HasFlag(ValueMarks.Private));
    }
}

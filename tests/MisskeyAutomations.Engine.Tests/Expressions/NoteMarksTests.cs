using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
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

    [Theory]
    [InlineData("followers", true)]
    [InlineData("public", false)]
    public void A_note_written_out_as_a_whole_is_as_private_as_what_it_holds(string visibility, bool isPrivate)
    {
        var scope = new Scope
        {
            ["note"] = Value.From(JsonDocument.Parse(
                $$"""{ "visibility": "public", "text": "yes", "reply": { "visibility": "{{visibility}}", "text": "secret" } }""").RootElement),
        };
        var template = ExpressionCompiler.CompileTemplate(SourceSlice.Of("seen: ${note}"), SomeScope.Context, new DiagnosticBag())!;

        var text = template.Render(scope);

        Assert.Contains("secret", text.Text, StringComparison.Ordinal);
        Assert.Equal(isPrivate, text.Marks.HasFlag(ValueMarks.Private));
        Assert.Equal(isPrivate, scope["note"].HoldsPrivate);
    }
}

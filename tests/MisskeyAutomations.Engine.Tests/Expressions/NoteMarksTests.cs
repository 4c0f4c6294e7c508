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

    [Theory]
    [InlineData("hour(note.text)", "'secret' is no time", "a private value is no time")]
    [InlineData("during(note.text)", "'secret' is no span", "a private value is no span")]
    public void A_reason_quotes_nothing_private(string written, string ofPublic, string ofPrivate)
    {
        var compiled = ExpressionCompiler.Compile(SourceSlice.Of(written), SomeScope.Context, new DiagnosticBag())!;

        Assert.StartsWith(ofPublic, compiled.Evaluate(ScopeOf("public")).Reason, StringComparison.Ordinal);
        Assert.StartsWith(ofPrivate, compiled.Evaluate(ScopeOf("specified")).Reason, StringComparison.Ordinal);
    }

    private static Scope ScopeOf(string visibility) => new()
    {
        ["note"] = Value.From(JsonDocument.Parse($$"""{ "visibility": "{{visibility}}", "text": "secret" }""").RootElement),
    };
}

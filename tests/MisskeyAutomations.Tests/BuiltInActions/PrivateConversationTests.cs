using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Tests.BuiltInActions;

/// <summary>What was said in a conversation, and what a run remembers, is told to nobody who could not read it.</summary>
public sealed class PrivateConversationTests
{
    private static readonly JsonElement Direct = Some.Note(id: "h1", visibility: "specified", visibleUserIds: [Some.Me]);
    private static readonly Value Secret = Some.Data("secret", isPrivate: true);

    [Theory]
    [InlineData("public")]
    [InlineData("home")]
    [InlineData("followers")]
    public void A_direct_answer_is_not_told_under_the_note_that_began_it(string visibility)
    {
        var input = Input(Some.Note(visibility: visibility), Secret, [Direct]);

        Assert.Contains("not public", Some.Prepare("reply", input).SkipReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_direct_answer_is_answered_directly_to_who_gave_it()
    {
        var intent = Some.Intent("reply", Input(Some.Note(), Secret, [Direct], ("to", Value.From(Direct))));

        Assert.Equal("specified", intent.Visibility);
        Assert.Equal(["bob1"], intent.Recipients);
    }

    [Fact]
    public void What_was_said_to_three_is_not_told_in_a_note_to_four()
    {
        var three = Some.Note(visibility: "specified", visibleUserIds: [Some.Me, "carol1"]);
        var four = Some.Note(id: "h1", visibility: "specified", visibleUserIds: [Some.Me, "carol1", "dave1"]);
        var two = Some.Note(id: "h1", visibility: "specified", visibleUserIds: [Some.Me]);

        Assert.IsType<Preparation.Skip>(Some.Prepare("reply", Input(three, Secret, [four], ("to", Value.From(four)))));
        Assert.IsType<Preparation.Ready>(Some.Prepare("reply", Input(three, Secret, [two], ("to", Value.From(two)))));
    }

    [Fact]
    public void Text_of_hidden_notes_around_it_goes_nowhere()
    {
        var holding = Some.Note(id: "h1", visibility: "home", reply: Some.Note(id: "deep", visibility: "specified", author: "eve1"));

        Assert.IsType<Preparation.Skip>(Some.Prepare("reply", Input(Some.Note(), Secret, [holding], ("to", Value.From(holding)))));
    }

    [Theory]
    [InlineData("bob1", true)]
    [InlineData("carol1", false)]
    public void A_direct_answer_goes_by_dm_only_to_those_in_it(string to, bool may)
    {
        var preparation = Some.Prepare("dm", Input(Some.Note(), Secret, [Direct], ("to", Value.Of(to))));

        Assert.Equal(may, preparation is Preparation.Ready);
    }

    [Fact]
    public void What_a_run_remembers_of_private_notes_goes_nowhere_unless_the_step_allows_it()
    {
        var input = Input(Direct, Secret, []) with { KnowsPrivateState = true };

        Assert.IsType<Preparation.Skip>(Some.Prepare("reply", input));
        Assert.IsType<Preparation.Skip>(Some.Prepare("dm", input));
        Assert.IsType<Preparation.Ready>(Some.Prepare("reply", input with { AllowPrivate = true }));
        Assert.IsType<Preparation.Ready>(Some.Prepare("reply", input with { KnowsPrivateState = false }));
    }

    private static ActionInput Input(JsonElement note, Value main, JsonElement[] heard, params (string Option, Value Value)[] options) =>
        Some.Input(Some.Event(note), main, options) with { Heard = heard };
}

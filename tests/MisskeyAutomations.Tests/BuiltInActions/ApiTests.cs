using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Tests.BuiltInActions;

public sealed class ApiTests
{
    [Fact]
    public void Parameters_are_the_body_in_a_fixed_order()
    {
        var intent = Some.Intent("api", Some.Event(), Some.Text("clips/add-note"), ("with", With(("noteId", Some.Data("n1")), ("clipId", Some.Text("c1")))));

        Assert.Equal("""{"clipId":"c1","noteId":"n1"}""", intent.Body);
        Assert.Equal(("clips/add-note", "clips", Repeat.Natural), (intent.Endpoint, intent.Budget, intent.Repeat));
        Assert.StartsWith("api clips/add-note: ", intent.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_parameters_the_body_is_an_empty_object()
    {
        Assert.Equal("{}", Some.Intent("api", Some.Event(), Some.Text("ping")).Body);
    }

    [Theory]
    [InlineData("../evil")]
    [InlineData("notes/create?x=1")]
    [InlineData("Notes/Create")]
    [InlineData("")]
    public void What_is_no_endpoint_is_refused(string endpoint)
    {
        Assert.Contains("not the name of an endpoint", Some.Prepare("api", Some.Event(), Some.Text(endpoint)).InvalidReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_cannot_give_a_token()
    {
        Assert.Contains("token", Some.Prepare("api", Some.Event(), Some.Text("ping"), ("with", With(("i", Some.Text("x"))))).InvalidReason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_mapping_is_no_body()
    {
        Assert.Contains("not a mapping", Some.Prepare("api", Some.Event(), Some.Text("ping"), ("with", Some.Json("[1]"))).InvalidReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("following/create", "follows", Repeat.Natural)]
    [InlineData("following/requests/accept", "follows", Repeat.Natural)]
    [InlineData("notes/create", "notes", Repeat.Never)]
    [InlineData("notes/favorites/create", "favorites", Repeat.Natural)]
    [InlineData("notes/reactions/delete", "reactions", Repeat.Natural)]
    [InlineData("renote-mute/create", "mutes", Repeat.Natural)]
    [InlineData("blocking/delete", "blocks", Repeat.Natural)]
    [InlineData("users/lists/push", "lists", Repeat.Natural)]
    [InlineData("notifications/create", "notifications", Repeat.Never)]
    [InlineData("users/report-abuse", "reports", Repeat.Never)]
    [InlineData("notes/polls/vote", null, Repeat.Never)]
    [InlineData("mute/list", null, Repeat.Natural)]
    [InlineData("users/show", null, Repeat.Natural)]
    [InlineData("notes/search", null, Repeat.Natural)]
    [InlineData("hashtags/trend", null, Repeat.Natural)]
    [InlineData("meta", null, Repeat.Natural)]
    [InlineData("federation/update-remote-user", null, Repeat.Never)]
    [InlineData("some/new-endpoint", null, Repeat.Never)]
    public void The_endpoint_decides_budget_and_repetition(string endpoint, string? budget, Repeat repeat)
    {
        var intent = Some.Intent("api", Some.Event(), Some.Text(endpoint));

        Assert.Equal((budget, repeat), (intent.Budget, intent.Repeat));
    }

    [Fact]
    public void A_note_by_api_is_as_harmless_as_any()
    {
        var intent = Some.Intent("api", Some.Event(Some.Note()), Some.Text("notes/create"),
            ("with", With(("text", Some.Mixed("Hi ", "@everyone")), ("poll", With(("choices", Value.Of([Some.Data("#x"), Some.Text("y")])))))));

        Assert.Equal("Hi @\u200Beveryone", intent.Text);
        Assert.Equal("""["＃x","y"]""", intent.Json.GetProperty("poll").GetProperty("choices").GetRawText());
        Assert.Equal((true, true, "public"), (intent.Json.IsTrue("noExtractMentions"), intent.Json.IsTrue("noExtractHashtags"), intent.Visibility));
        Assert.Equal("bob1", intent.AnswersUser);
    }

    [Theory]
    [InlineData("replyId")]
    [InlineData("renoteId")]
    public void Answers_are_not_written_past_the_visibility_of_what_they_answer(string parameter)
    {
        var preparation = Some.Prepare("api", Some.Event(), Some.Text("notes/create"), ("with", With(("text", Some.Text("x")), (parameter, Some.Data("n1")))));

        Assert.Contains("reply:", preparation.InvalidReason, StringComparison.Ordinal);
    }

    private static Value With(params (string Name, Value Value)[] entries) =>
        Value.Of(new ValueMap(entries.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal)));
}

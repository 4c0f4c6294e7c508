using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Misskey;

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

    /// <summary>What changes the account, its tokens and hooks, deletes wholesale or administers the server.</summary>
    [Theory]
    [InlineData("admin/suspend-user")]
    [InlineData("admin/meta")]
    [InlineData("v2/admin/emoji/list")]
    [InlineData("i/update")]
    [InlineData("i/update-email")]
    [InlineData("i/regenerate-token")]
    [InlineData("i/revoke-token")]
    [InlineData("i/delete-account")]
    [InlineData("i/change-password")]
    [InlineData("i/2fa/unregister")]
    [InlineData("i/move")]
    [InlineData("i/webhooks/create")]
    [InlineData("i/export-notes")]
    [InlineData("i/import-following")]
    [InlineData("i/registry/set")]
    [InlineData("auth/accept")]
    [InlineData("miauth/gen-token")]
    [InlineData("app/create")]
    [InlineData("drive/files/delete")]
    [InlineData("drive/folders/delete")]
    [InlineData("export-custom-emojis")]
    [InlineData("notes/delete-all-of-them")]
    [InlineData("reset-db")]
    [InlineData("request-reset-password")]
    [InlineData("signin-flow")]
    [InlineData("invite/create")]
    public void Closed_endpoints_need_the_configurations_word(string endpoint)
    {
        var input = Some.Input(Some.Event(), Some.Text(endpoint));

        Assert.Contains("allow-admin: true", Some.Prepare("api", input).InvalidReason, StringComparison.Ordinal);
        Assert.IsType<Preparation.Ready>(Some.Prepare("api", input with { Defaults = new ActionDefaults { AllowAdmin = true } }));
    }

    [Theory]
    [InlineData("i")]
    [InlineData("i/pin")]
    [InlineData("i/notifications")]
    [InlineData("notes/delete")]
    [InlineData("users/lists/delete")]
    [InlineData("following/invalidate")]
    [InlineData("drive/files/show")]
    [InlineData("administrators")]
    public void Ordinary_endpoints_are_open(string endpoint)
    {
        Assert.IsType<Preparation.Ready>(Some.Prepare("api", Some.Event(), Some.Text(endpoint)));
    }

    /// <summary>Whatever Misskey closes to tokens of apps anyway, and whatever is the administrators', is closed here too.</summary>
    [Fact]
    public void All_known_endpoints_of_administrators_are_closed()
    {
        var administrators = Permissions.Endpoints.Where(endpoint => Permissions.For(endpoint)?.Contains(":admin:", StringComparison.Ordinal) == true).ToList();

        Assert.True(administrators.Count > 50);
        Assert.All(administrators, endpoint => Assert.True(EndpointTraits.IsClosed(endpoint), endpoint));
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

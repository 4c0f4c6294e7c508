using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.BuiltInActions;

/// <summary>The steps that only say who or what: what each of them freezes, and what it leaves alone.</summary>
public sealed class StepTableTests
{
    private static readonly Value Bob = Some.Json("""{"id":"bob1","username":"bob"}""");

    public static TheoryData<string> UserStepNames => [.. UserSteps.All.Select(row => row.Name), "add-to-list", "remove-from-list", "report"];

    [Theory]
    [InlineData("follow", "following/create", "follows")]
    [InlineData("unfollow", "following/delete", "follows")]
    [InlineData("remove-follower", "following/invalidate", "follows")]
    [InlineData("accept-request", "following/requests/accept", "follows")]
    [InlineData("reject-request", "following/requests/reject", "follows")]
    [InlineData("mute", "mute/create", "mutes")]
    [InlineData("unmute", "mute/delete", "mutes")]
    [InlineData("renote-mute", "renote-mute/create", "mutes")]
    [InlineData("block", "blocking/create", "blocks")]
    [InlineData("unblock", "blocking/delete", "blocks")]
    public void A_step_about_a_person_sends_only_who(string step, string endpoint, string budget)
    {
        var intent = Some.Intent(step, Some.Event(), Bob);

        Assert.Equal((endpoint, """{"userId":"bob1"}""", budget, Repeat.Natural), (intent.Endpoint, intent.Body, intent.Budget, intent.Repeat));
        Assert.Equal($"{step} @bob", intent.Summary);
    }

    [Theory]
    [InlineData("unreact", "notes/reactions/delete", "reactions", false)]
    [InlineData("favorite", "notes/favorites/create", "favorites", false)]
    [InlineData("pin", "i/pin", null, true)]
    [InlineData("unpin", "i/unpin", null, true)]
    [InlineData("delete", "notes/delete", "deletes", true)]
    public void A_step_about_a_note_sends_only_which(string step, string endpoint, string? budget, bool ownOnly)
    {
        var mine = Some.Note(id: "mine1", author: Some.Me, username: "alice");

        var intent = Some.Intent(step, Some.Event(), Value.From(mine));
        var foreign = Some.Prepare(step, Some.Event(), Value.From(Some.Note()));

        Assert.Equal((endpoint, """{"noteId":"mine1"}""", budget, Repeat.Natural), (intent.Endpoint, intent.Body, intent.Budget, intent.Repeat));
        if (ownOnly)
        {
            Assert.Equal($"The note is not the account's own, so '{step}' leaves it alone.", foreign.SkipReason);
        }
        else
        {
            Assert.IsType<Preparation.Ready>(foreign);
        }
    }

    [Fact]
    public void An_own_bare_renote_is_deleted_itself_and_not_what_it_renotes()
    {
        var renote = Some.Note(id: "rn1", text: null, author: Some.Me, username: "alice", renote: Some.Note(id: "mine1", author: Some.Me));

        Assert.Equal("""{"noteId":"rn1"}""", Some.Intent("delete", Some.Event(), Value.From(renote)).Body);
        Assert.Equal("""{"noteId":"mine1"}""", Some.Intent("favorite", Some.Event(), Value.From(renote)).Body);
    }

    [Fact]
    public void A_note_known_by_its_id_alone_is_read_before_it_is_deleted()
    {
        var input = Some.Input(Some.Event(), Some.Data("n9"));
        var needs = Assert.IsType<Preparation.Needs>(Some.Prepare("delete", input));
        Assert.Equal(new Lookup(LookupKind.NoteShow, "n9"), needs.Lookup);

        input.Scope.Answer(needs.Lookup, Value.From(Some.Note(id: "n9")));
        Assert.IsType<Preparation.Skip>(Some.Prepare("delete", input));
    }

    [Fact]
    public void A_mute_ends_when_its_rule_says()
    {
        var input = Some.Input(Some.Event(), Bob, ("expires", Value.Of(7 * 86_400d)));

        Assert.Equal(input.Scope.Now.AddDays(7).ToUnixTimeMilliseconds(), Some.Intent("mute", input).Json.GetProperty("expiresAt").GetInt64());
    }

    [Theory]
    [MemberData(nameof(UserStepNames))]
    public void Nothing_of_this_is_done_to_the_account_itself(string step)
    {
        Assert.Equal($"The account cannot {step} itself.", Some.Prepare(step, Some.Event(), Some.Data(Some.Me), ("comment", Some.Text("x"))).SkipReason);
        Assert.Equal("There is no user to act on.", Some.Prepare(step, Some.Event(), Value.Null, ("comment", Some.Text("x"))).SkipReason);
    }

    [Theory]
    [InlineData("add-to-list", "to", "users/lists/push")]
    [InlineData("remove-from-list", "from", "users/lists/pull")]
    public void A_list_is_looked_up_by_the_name_that_the_rule_gives(string step, string option, string endpoint)
    {
        var input = Some.Input(Some.Event(), Bob, (option, Some.Text(" friends ")));
        var needs = Assert.IsType<Preparation.Needs>(Some.Prepare(step, input));
        Assert.Equal(new Lookup(LookupKind.OwnLists, "friends"), needs.Lookup);

        input.Scope.Answer(needs.Lookup, Some.Json("""[{"id":"l1","name":"friends"}]"""));
        var intent = Some.Intent(step, input);

        Assert.Equal((endpoint, """{"listId":"l1","userId":"bob1"}""", "lists"), (intent.Endpoint, intent.Body, intent.Budget));
        Assert.Equal($"{step} @bob: \"friends\"", intent.Summary);
    }

    [Theory]
    [InlineData("[]", "The account has no list with the name or id friends.")]
    [InlineData("""[{"id":"l1","name":"friends"},{"id":"l2","name":"friends"}]""", "The account has 2 lists of the name friends; say which by its id.")]
    [InlineData("null", "The account has no list with the name or id friends.")]
    public void A_name_that_no_list_or_several_have_fails_the_step(string answer, string reason)
    {
        var input = Some.Input(Some.Event(), Bob, ("to", Some.Text("friends")));
        input.Scope.Answer(new Lookup(LookupKind.OwnLists, "friends"), Some.Json(answer));

        Assert.Equal(reason, Some.Prepare("add-to-list", input).InvalidReason);
    }

    [Theory]
    [InlineData("public", "true", false, true)]
    [InlineData("home", "true", false, false)]
    [InlineData("followers", "true", false, false)]
    [InlineData("specified", "true", false, false)]
    [InlineData("specified", "true", true, true)]
    [InlineData("specified", "false", false, true)]
    [InlineData("followers", "null", false, false)]
    public void A_note_that_is_not_public_stays_out_of_public_clips(string visibility, string isPublic, bool allowPrivate, bool isClipped)
    {
        var input = Some.Input(Some.Event(), Value.From(Some.Note(visibility: visibility)), ("to", Some.Text("c1"))) with { AllowPrivate = allowPrivate };
        input.Scope.Answer(new Lookup(LookupKind.OwnClips, "c1"), Some.Json($$"""[{"id":"c1","name":"good ones","isPublic":{{isPublic}}}]"""));

        var preparation = Some.Prepare("clip", input);

        if (isClipped)
        {
            Assert.Equal(("clips/add-note", """{"clipId":"c1","noteId":"n1"}"""), (Some.Intent("clip", input).Endpoint, Some.Intent("clip", input).Body));
        }
        else
        {
            Assert.StartsWith("The clip is public and the note is not.", preparation.SkipReason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_notification_to_oneself_may_hold_private_text_and_is_no_markup()
    {
        var intent = Some.Intent(
            "notify", Some.Event(), Some.Mixed("said: ", "@all $[x2 hi]", isPrivate: true), ("header", Some.Text("Look")), ("icon", Some.Text("https://a.example/i.png")));

        Assert.Equal(("notifications/create", "notifications", Repeat.Never), (intent.Endpoint, intent.Budget, intent.Repeat));
        Assert.Equal("said: @\u200Ball $\u200B[x2 hi]", intent.Json.GetText("body"));
        Assert.Equal(("Look", "https://a.example/i.png"), (intent.Json.GetText("header"), intent.Json.GetText("icon")));
        Assert.Equal("""{"body":"hi"}""", Some.Intent("notify", Some.Event(), Some.Text("hi")).Body);
        Assert.Equal("The text came out empty.", Some.Prepare("notify", Some.Event(), Some.Data(" ")).SkipReason);
        Assert.Contains("not the address of a picture", Some.Prepare("notify", Some.Event(), Some.Text("hi"), ("icon", Some.Text("javascript:1"))).InvalidReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_says_what_the_rule_says_and_nothing_private()
    {
        var intent = Some.Intent("report", Some.Event(), Bob, ("comment", Some.Text("spam")));
        var isPrivate = Some.Input(Some.Event(), Bob, ("comment", Some.Data("psst", isPrivate: true)));

        Assert.Equal(("users/report-abuse", """{"userId":"bob1","comment":"spam"}""", "reports", Repeat.Never), (intent.Endpoint, intent.Body, intent.Budget, intent.Repeat));
        Assert.Same(PrivateText.Refusal, Some.Prepare("report", isPrivate));
        Assert.IsType<Preparation.Ready>(Some.Prepare("report", isPrivate with { AllowPrivate = true }));
        Assert.Contains("no report without one", Some.Prepare("report", Some.Event(), Bob, ("comment", Some.Data(""))).SkipReason, StringComparison.Ordinal);
        Assert.Equal(2048, Some.Intent("report", Some.Event(), Bob, ("comment", Some.Text(new string('x', 5000)))).Json.GetText("comment")!.Length);
    }

    [Fact]
    public void Every_row_says_of_its_endpoint_what_api_and_the_table_of_endpoints_say()
    {
        Assert.All(ActionTable.Descriptors.Where(row => row.Endpoint is not null), row =>
        {
            Assert.Contains(row.Endpoint, EndpointTable.Names);
            Assert.Equal(
                (row.Name, Permissions.For(row.Endpoint!), EndpointTraits.BudgetOf(row.Endpoint!), RepeatOf(row)),
                (row.Name, row.Permission, row.Budget, row.Repeat));
        });
    }

    // An upload looks first whether the file is there: what the endpoint alone may not repeat, the step may.
    private static Repeat RepeatOf(ActionDescriptor row) => row.Name == "upload" ? Repeat.Natural : EndpointTraits.RepeatOf(row.Endpoint!);

    [Fact]
    public void Every_budget_of_a_row_can_be_set_and_every_budget_is_drawn_on()
    {
        var drawn = ActionTable.Descriptors.Select(row => row.Budget).OfType<string>().Distinct(StringComparer.Ordinal);

        Assert.Equal(Budget.Standard.Keys.Order(StringComparer.Ordinal), drawn.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rows_and_actions_are_the_same_in_the_same_order()
    {
        Assert.Equal(ActionTable.Descriptors, ActionTable.Offline().Select(action => action.Descriptor));
    }
}

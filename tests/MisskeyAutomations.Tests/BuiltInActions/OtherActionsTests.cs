using Microsoft.Extensions.Logging;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.BuiltInActions;

public sealed class OtherActionsTests
{
    [Theory]
    [InlineData("follow", "following/create")]
    [InlineData("unfollow", "following/delete")]
    public void A_user_is_followed_and_unfollowed_by_id(string action, string endpoint)
    {
        var byMap = Some.Intent(action, Some.Event(), Some.Json("""{"id":"bob1","username":"bob","host":"far.example"}"""));
        var byId = Some.Intent(action, Some.Event(), Some.Data("bob1"));

        Assert.Equal("""{"userId":"bob1"}""", byMap.Body);
        Assert.Equal(byMap.Body, byId.Body);
        Assert.Equal((endpoint, "follows", Repeat.Natural, null), (byMap.Endpoint, byMap.Budget, byMap.Repeat, byMap.AnswersUser));
        Assert.Equal($"{action} @bob@far.example", byMap.Summary);
        Assert.Equal($"{action} @bob", byId.Summary);
    }

    [Fact]
    public void A_user_by_name_is_looked_up()
    {
        var input = Some.Input(Some.Event(), Some.Text("@carol@far.example"));

        var needs = Assert.IsType<Preparation.Needs>(Some.Prepare("follow", input));
        Assert.Equal(new Lookup(LookupKind.UserShow, "@carol@far.example"), needs.Lookup);

        input.Scope.Answer(needs.Lookup, Some.Json("""{"id":"carol1"}"""));
        Assert.Equal("""{"userId":"carol1"}""", Some.Intent("follow", input).Body);

        var gone = Some.Input(Some.Event(), Some.Text("@carol@far.example"));
        gone.Scope.Answer(needs.Lookup, Value.Null);
        Assert.Equal("There is no user @carol@far.example.", Some.Prepare("follow", gone).SkipReason);
    }

    [Theory]
    [InlineData("null", typeof(Preparation.Skip))]
    [InlineData("\"alice1\"", typeof(Preparation.Skip))]
    [InlineData("\"dummy-user-1\"", typeof(Preparation.Invalid))]
    [InlineData("\"@\"", typeof(Preparation.Invalid))]
    [InlineData("\"@a b\"", typeof(Preparation.Invalid))]
    [InlineData("{\"id\":7}", typeof(Preparation.Invalid))]
    [InlineData("true", typeof(Preparation.Invalid))]
    public void What_is_nobody_else_is_not_followed(string user, Type expected)
    {
        Assert.IsType(expected, Some.Prepare("follow", Some.Event(), Some.Json(user)));
    }

    [Theory]
    [InlineData("star", ":star:")]
    [InlineData(":star:", ":star:")]
    [InlineData(":star@.:", ":star:")]
    [InlineData("+1_-", ":+1_-:")]
    [InlineData("1up", ":1up:")]
    [InlineData("👍", "👍")]
    [InlineData("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦")]
    [InlineData("1️⃣", "1️⃣")]
    [InlineData("❤", "❤")]
    [InlineData(" 🎉 ", "🎉")]
    public void A_reaction_is_spelt_as_Misskey_takes_it(string written, string sent)
    {
        var intent = Some.Intent("react", Some.Event(Some.Note()), Some.Text(written));

        Assert.Equal(("n1", sent), (intent.Json.GetText("noteId"), intent.Json.GetText("reaction")));
        Assert.Equal(("notes/reactions/create", "reactions", Repeat.Natural), (intent.Endpoint, intent.Budget, intent.Repeat));
    }

    [Theory]
    [InlineData("絵文字")]
    [InlineData("two words")]
    [InlineData(":star@far.example:")]
    [InlineData(":star")]
    [InlineData("@bob")]
    [InlineData("5")]
    public void What_Misskey_would_turn_into_a_heart_is_refused(string written)
    {
        Assert.Contains("not an emoji", Some.Prepare("react", Some.Event(Some.Note()), Some.Text(written)).InvalidReason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_reaction_is_skipped()
    {
        Assert.IsType<Preparation.Skip>(Some.Prepare("react", Some.Event(Some.Note()), Some.Data(" ")));
    }

    [Theory]
    [InlineData("react")]
    [InlineData("unreact")]
    [InlineData("renote")]
    public void Of_a_bare_renote_the_renoted_note_is_meant(string action)
    {
        var intent = Some.Intent(action, Some.Event(Some.PureRenote()), action == "react" ? Some.Text("star") : Value.From(Some.PureRenote()));

        Assert.Equal("mine1", intent.Json.GetText(action == "renote" ? "renoteId" : "noteId"));
    }

    [Fact]
    public void A_bare_renote_has_no_text_and_keeps_to_the_server_and_the_channel()
    {
        var plain = Some.Intent("renote", Some.Event(), Value.From(Some.Note()));
        var local = Some.Intent("renote", Some.Event(), Value.From(Some.Note(localOnly: true, channelId: "ch1")));
        var closed = Some.Intent("renote", Some.Event(), Value.From(Some.Note(localOnly: true, channelId: "ch1", allowRenoteToExternal: false)));

        Assert.Equal("""{"visibility":"public","renoteId":"n1"}""", plain.Body);
        Assert.Equal("""{"visibility":"public","localOnly":true,"renoteId":"n1"}""", local.Body);
        Assert.Equal("""{"visibility":"public","localOnly":true,"renoteId":"n1","channelId":"ch1"}""", closed.Body);
    }

    [Fact]
    public void A_dm_is_seen_by_exactly_those_it_is_for()
    {
        var toOne = Some.Intent("dm", Some.Event(), Some.Text("hi, ask @carol@far.example"));
        var toMany = Some.Intent("dm", Some.Event(), Some.Text("hi"), ("to", Some.Json("""[{"id":"bob1","username":"bob"},"carol1","bob1","alice1"]""")));

        Assert.Equal("""{"visibility":"specified","visibleUserIds":["bob1"],"text":"hi, ask @carol@far.example","noExtractMentions":true,"noExtractHashtags":true}""", toOne.Body);
        Assert.Equal("dm to @bob: \"hi, ask @carol@far.example\"", toOne.Summary);
        Assert.Equal(["bob1", "carol1"], toMany.Recipients, StringComparer.Ordinal);
        Assert.Equal("bob1", toOne.AnswersUser);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"alice1\"")]
    [InlineData("null")]
    public void A_dm_to_nobody_is_not_sent(string to)
    {
        Assert.IsType<Preparation.Skip>(Some.Prepare("dm", Some.Event(), Some.Text("hi"), ("to", Some.Json(to))));
    }

    [Fact]
    public void A_note_in_a_channel_is_public_and_says_so_rather_than_pretend()
    {
        var inChannel = Some.Intent("note", Some.Input(Some.Event(), Some.Text("hi"), ("channel", Some.Text("ch1"))) with { Defaults = new ActionDefaults { Visibility = "home" } });

        Assert.Equal("""{"visibility":"public","text":"hi","noExtractMentions":true,"noExtractHashtags":true,"channelId":"ch1"}""", inChannel.Body);
        Assert.IsType<Preparation.Skip>(Some.Prepare("note", Some.Event(), Some.Text("hi"), ("channel", Some.Text("ch1")), ("visibility", Some.Text("home"))));
        Assert.IsType<Preparation.Invalid>(Some.Prepare("note", Some.Event(), Some.Text("hi"), ("channel", Some.Text("../x"))));
    }

    [Fact]
    public void A_note_because_of_somebody_counts_as_an_answer_to_them()
    {
        Assert.Equal("bob1", Some.Intent("note", Some.Event(Some.Note()), Some.Text("hi")).AnswersUser);
        Assert.Null(Some.Intent("note", Some.Event(Some.Note(author: Some.Me), type: "note"), Some.Text("hi")).AnswersUser);
    }

    [Fact]
    public async Task The_log_gets_one_harmless_line()
    {
        using var log = new KeptLog();
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        var action = new LogAction(loggers);
        var input = Some.Input(Some.Event(), Some.Data("a\n\u001b[31mred\u202E {x} 絵"), ("level", Some.Text("warning")));

        var intent = Assert.IsType<Preparation.Ready>(action.Prepare(input)).Intent;
        var outcome = await action.SendAsync(intent, "main", TestContext.Current.CancellationToken);

        Assert.Equal(("", Repeat.Natural, null), (intent.Endpoint, intent.Repeat, intent.Budget));
        Assert.Equal(new ActionOutcome.Done(), outcome);
        Assert.StartsWith("Warning Rule main: a\\u000a\\u001b[31mred\\u202e {x} 絵 ", Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trace")]
    [InlineData("")]
    public void A_level_that_is_none_is_refused(string level)
    {
        Assert.IsType<Preparation.Invalid>(Some.Prepare("log", Some.Event(), Some.Text("x"), ("level", Some.Text(level))));
    }

    [Fact]
    public async Task What_as_keeps_of_a_post_is_the_note_itself()
    {
        await using var server = RawServer.Start(RawServer.Json(200, """{"createdNote":{"id":"n9","visibility":"home"}}"""));
        await using var rig = new MisskeyRig(server.Address);
        var reply = new ReplyAction(rig.Get<MisskeySender>());
        var intent = Assert.IsType<Preparation.Ready>(reply.Prepare(Some.Input(Some.Event(Some.Note()), Some.Text("yo")))).Intent;

        var outcome = await reply.SendAsync(intent, "main", TestContext.Current.CancellationToken);

        Assert.Equal(intent.Body, Assert.Single(server.Requests).BodyText);
        Assert.Equal("n9", Assert.IsType<ActionOutcome.Done>(outcome).Answer!.Value.GetText("id"));
    }

    [Fact]
    public async Task Following_somebody_who_is_followed_is_no_deed_of_this_step()
    {
        await using var server = RawServer.Start(RawServer.Json(400, """{"error":{"code":"ALREADY_FOLLOWING","id":"35387507-38c7-4cb9-9197-300b93783fa0"}}"""));
        await using var rig = new MisskeyRig(server.Address);
        var follow = new UserAction(rig.Get<MisskeySender>(), UserSteps.Follow);

        var outcome = await follow.SendAsync(Some.Intent("follow", Some.Event(), Some.Data("bob1")), "main", TestContext.Current.CancellationToken);

        Assert.Equal(new ActionOutcome.Done(Already: true), outcome);
    }

    [Fact]
    public void The_table_and_the_actions_are_the_same_rows()
    {
        var actions = ActionTable.Offline();

        Assert.Equal(ActionTable.Descriptors, actions.Select(action => action.Descriptor));
        Assert.Equal(actions.Count, ActionTable.Descriptors.DistinctBy(row => row.Name, StringComparer.Ordinal).Count());
        Assert.All(ActionTable.Descriptors.Where(row => row.Endpoint is not null), row =>
        {
            Assert.Equal(Permissions.For(row.Endpoint!), row.Permission);

            // An upload looks first whether the file is there: what the endpoint alone may not repeat, the step may.
            Assert.Equal(row.Name == "upload" ? Repeat.Natural : EndpointTraits.RepeatOf(row.Endpoint!), row.Repeat);
        });
    }
}

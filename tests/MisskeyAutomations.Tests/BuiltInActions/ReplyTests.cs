using System.Globalization;
using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Tests.BuiltInActions;

public sealed class ReplyTests
{
    [Fact]
    public void A_reply_is_one_call_that_names_all_it_needs()
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note()), Some.Text("PONG!"));

        Assert.Equal("""{"visibility":"public","text":"PONG!","noExtractMentions":true,"noExtractHashtags":true,"replyId":"n1"}""", intent.Body);
        Assert.Equal(("reply", "notes/create", "notes", Repeat.Never), (intent.Action, intent.Endpoint, intent.Budget, intent.Repeat));
        Assert.Equal(("bob1", "n1"), (intent.AnswersUser, intent.Thread));
        Assert.Equal("reply to @bob: \"PONG!\"", intent.Summary);
        Assert.Empty(intent.Remarks);
    }

    [Fact]
    public void The_same_input_is_the_same_request()
    {
        var input = Some.Input(Some.Event(Some.Note(visibility: "specified", visibleUserIds: [Some.Me, "carol1"], cw: "food")), Some.Mixed("Hi ", "@x #y", "!"));

        Assert.Equal(Some.Intent("reply", input).Body, Some.Intent("reply", input).Body);
    }

    [Theory]
    [InlineData("bob", null, "@bob Thanks!")]
    [InlineData("bob", "far.example", "@bob@far.example Thanks!")]
    [InlineData("b-o.b_", "far.example:3000", "@b-o.b_@far.example:3000 Thanks!")]
    public void A_bare_renote_is_answered_under_the_renoted_note_with_a_mention(string username, string? host, string text)
    {
        var intent = Some.Intent("reply", Some.Event(Some.PureRenote(username: username, host: host)), Some.Text("Thanks!"));

        Assert.Equal("mine1", intent.Json.GetText("replyId"));
        Assert.Equal(text, intent.Text);
        Assert.False(intent.Json.IsTrue("noExtractMentions"));
        Assert.Equal($"reply to {text.Split(' ')[0]}: \"{text}\"", intent.Summary);
    }

    [Theory]
    [InlineData("bob @everyone")]
    [InlineData("bob\u200B")]
    [InlineData("")]
    public void A_name_that_is_none_is_not_mentioned(string username)
    {
        Assert.Equal("Thanks!", Some.Intent("reply", Some.Event(Some.PureRenote(username: username)), Some.Text("Thanks!")).Text);
    }

    [Fact]
    public void Under_a_bare_renote_the_narrower_of_both_notes_counts()
    {
        var renoted = Some.Note(id: "mine1", author: Some.Me, username: "alice", visibility: "home");

        Assert.Equal("home", Some.Intent("reply", Some.Event(Some.PureRenote(of: renoted)), Some.Text("Thanks!")).Visibility);
        Assert.Equal("followers", Some.Intent("reply", Some.Event(Some.PureRenote(visibility: "followers")), Some.Text("Thanks!")).Visibility);
    }

    [Fact]
    public void A_direct_answer_to_a_renote_goes_to_the_renoter()
    {
        var intent = Some.Intent("reply", Some.Event(Some.PureRenote()), Some.Text("Thanks!"), ("visibility", Some.Text("specified")));

        Assert.Equal(["bob1"], intent.Recipients, StringComparer.Ordinal);
    }

    [Fact]
    public void A_renote_that_came_without_the_renoted_note_is_looked_up()
    {
        var bare = Some.Note(id: "rn1", text: null, renoteId: "mine1");
        var input = Some.Input(Some.Event(bare), Some.Text("Thanks!"));

        var needs = Assert.IsType<Preparation.Needs>(Some.Prepare("reply", input));
        input.Scope.Answer(needs.Lookup, Value.From(Some.Note(id: "mine1", author: Some.Me, visibility: "home")));

        Assert.Equal(new Lookup(LookupKind.NoteShow, "mine1"), needs.Lookup);
        Assert.Equal("home", Some.Intent("reply", input).Visibility);
    }

    [Fact]
    public void A_note_by_id_is_looked_up_before_it_is_answered()
    {
        var input = Some.Input(Some.Event(Some.Note()), Some.Text("yo"), ("to", Some.Data("n2")));

        var needs = Assert.IsType<Preparation.Needs>(Some.Prepare("reply", input));
        Assert.Equal(new Lookup(LookupKind.NoteShow, "n2"), needs.Lookup);

        input.Scope.Answer(needs.Lookup, Value.From(Some.Note(id: "n2", visibility: "followers")));
        Assert.Equal("followers", Some.Intent("reply", input).Visibility);
    }

    [Fact]
    public void A_note_that_is_gone_is_not_answered()
    {
        var input = Some.Input(Some.Event(Some.Note()), Some.Text("yo"), ("to", Some.Data("n2")));
        input.Scope.Answer(new Lookup(LookupKind.NoteShow, "n2"), Value.Null);

        Assert.Contains("does not exist any more", Some.Prepare("reply", input).SkipReason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_events_own_note_needs_no_look_up()
    {
        Assert.Equal("n1", Some.Intent("reply", Some.Event(Some.Note()), Some.Text("yo"), ("to", Some.Data("n1"))).Json.GetText("replyId"));
    }

    [Theory]
    [InlineData("null", typeof(Preparation.Skip))]
    [InlineData("7", typeof(Preparation.Invalid))]
    [InlineData("\"dummy-note-1\"", typeof(Preparation.Invalid))]
    [InlineData("{}", typeof(Preparation.Invalid))]
    public void What_is_no_note_is_not_answered(string to, Type expected)
    {
        Assert.IsType(expected, Some.Prepare("reply", Some.Event(Some.Note()), Some.Text("yo"), ("to", Some.Json(to))));
    }

    [Fact]
    public void An_event_without_a_note_has_nothing_to_answer()
    {
        Assert.Contains("brought no note", Some.Prepare("reply", Some.Event(type: "followed"), Some.Text("yo")).InvalidReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n\t ")]
    [InlineData("\u200B\uFEFF\u3000")]
    [InlineData("\u0000\u0007")]
    public void A_text_that_comes_out_empty_is_not_posted(string text)
    {
        Assert.Equal("The text came out empty.", Some.Prepare("reply", Some.Event(Some.Note()), Some.Data(text)).SkipReason);
        Assert.Equal("The text came out empty.", Some.Prepare("reply", Some.Event(Some.PureRenote()), Some.Data(text)).SkipReason); // The mention is not a text.
    }

    [Theory]
    [InlineData("food", null, "food")]
    [InlineData("food", "Warning", "Warning")]
    [InlineData("food", "", "food")]
    [InlineData(null, "Warning", "Warning")]
    [InlineData(null, "  ", null)]
    [InlineData(null, null, null)]
    [InlineData("@everyone #tag", null, "@\u200Beveryone ＃tag")]
    public void A_content_warning_is_kept_and_may_be_worded_anew(string? theirs, string? ours, string? expected)
    {
        (string, Value)[] options = ours is null ? [] : [("cw", Some.Text(ours))];

        Assert.Equal(expected, Some.Intent("reply", Some.Event(Some.Note(cw: theirs)), Some.Text("yo"), options).Json.GetText("cw"));
    }

    [Fact]
    public void A_content_warning_is_cut_at_100_characters()
    {
        var cw = Some.Intent("reply", Some.Event(Some.Note(cw: new string('w', 300))), Some.Text("yo")).Json.GetText("cw")!;

        Assert.Equal(new string('w', 99) + "…", cw);
    }

    [Theory]
    [InlineData(3000, 3000, false)]
    [InlineData(3001, 3000, true)]
    public void A_text_over_the_servers_limit_is_cut(int written, int expected, bool isCut)
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note()), Some.Data(string.Concat(Enumerable.Repeat("😀", written))));

        Assert.Equal(expected, intent.Text!.EnumerateRunes().Count());
        Assert.Equal(isCut, intent.Text!.EndsWith('…'));
        Assert.Equal(isCut, intent.Remarks.Contains("The text was cut at 3000 characters, the server's limit.", StringComparer.Ordinal));
    }

    [Fact]
    public void A_family_is_not_torn_apart_and_the_limit_is_the_servers_own()
    {
        const string Family = "👩‍👩‍👧‍👦"; // 7 code points.
        var input = Some.Input(Some.Event(Some.Note()), Some.Data(Family + Family + "!")) with { Defaults = new ActionDefaults { MaxNoteLength = 10 } };

        Assert.Equal(Family + "…", Some.Intent("reply", input).Text);
    }

    [Fact]
    public void The_mention_before_the_text_counts_too()
    {
        var input = Some.Input(Some.Event(Some.PureRenote()), Some.Text("0123456789")) with { Defaults = new ActionDefaults { MaxNoteLength = 10 } };

        Assert.Equal("@bob 0123…", Some.Intent("reply", input).Text);
    }

    [Theory]
    [InlineData("hello @bob", true, false)]
    [InlineData("hello #tag", false, true)]
    [InlineData("hello", false, false)]
    [InlineData("a @ b, 5 # 6", false, false)]
    public void Only_what_the_rule_wrote_is_looked_for_by_Misskey(string text, bool mentions, bool hashtags)
    {
        var ours = Some.Intent("reply", Some.Event(Some.Note()), Some.Text(text)).Json;
        var theirs = Some.Intent("reply", Some.Event(Some.Note()), Some.Data(text)).Json;

        Assert.Equal((!mentions, !hashtags), (ours.IsTrue("noExtractMentions"), ours.IsTrue("noExtractHashtags")));
        Assert.Equal((true, true), (theirs.IsTrue("noExtractMentions"), theirs.IsTrue("noExtractHashtags")));
    }

    [Fact]
    public void A_name_full_of_markup_does_nothing()
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note()), Some.Mixed("Hi ", "@everyone $[spin x] #x", ", @"));

        Assert.Equal("Hi @\u200Beveryone $\u200B[spin x] ＃x, @", intent.Text);
        Assert.True(intent.Json.IsTrue("noExtractMentions"));
    }

    [Theory]
    [InlineData("cw")]
    [InlineData("poll")]
    public void A_mention_in_an_option_counts(string option)
    {
        var value = option == "cw" ? Some.Text("for @carol") : Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["choices"] = Value.Of([Some.Text("@carol"), Some.Text("no")]) }));

        Assert.False(Some.Intent("reply", Some.Event(Some.Note()), Some.Text("yo"), (option, value)).Json.IsTrue("noExtractMentions"));
    }

    /// <summary>Misskey delivers the whole direct note to every remote user whom its text mentions.</summary>
    [Fact]
    public void A_direct_answer_is_never_searched_for_mentions()
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note(visibility: "specified", visibleUserIds: [Some.Me])), Some.Text("ask @carol@far.example"));

        Assert.True(intent.Json.IsTrue("noExtractMentions"));
    }

    [Fact]
    public void Files_and_a_poll_are_passed_on()
    {
        var json = Some.Intent("reply", Some.Event(Some.Note()), Value.Null,
            ("files", Some.Json("""[{"id":"f1"},"f2","f1"]""")),
            ("poll", Some.Json("""{"choices":["yes","@no","yes"],"multiple":true,"expires":"1d12h"}"""))).Json;

        Assert.Null(json.GetText("text"));
        Assert.Equal("""["f1","f2"]""", json.GetProperty("fileIds").GetRawText());
        Assert.Equal($$"""{"choices":["yes","@{{'\u200B'}}no"],"multiple":true,"expiredAfter":129600000}""", json.GetProperty("poll").GetRawText());
    }

    [Theory]
    [InlineData("poll", """{"choices":["one"]}""")]
    [InlineData("poll", """{"choices":["one","one"]}""")]
    [InlineData("poll", """{"choices":["1","2","3","4","5","6","7","8","9","10","11"]}""")]
    [InlineData("poll", """{"choices":["a","b"],"expires":"soon"}""")]
    [InlineData("poll", """{"choices":["a","b"],"expires":"0s"}""")]
    [InlineData("poll", """{"choices":["a","b"],"expires":-5}""")]
    [InlineData("poll", """{"choices":["a","b"],"expires":"999999999d"}""")]
    [InlineData("poll", "7")]
    [InlineData("files", """["../x"]""")]
    [InlineData("files", """[7]""")]
    [InlineData("files", """["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]""")]
    public void What_Misskey_would_refuse_is_refused_here(string option, string json)
    {
        Assert.NotEmpty(Some.Prepare("reply", Some.Event(Some.Note()), Some.Text("yo"), (option, Some.Json(json))).InvalidReason);
    }

    [Fact]
    public void Ones_own_note_is_answered_without_writing_to_oneself()
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note(author: Some.Me, visibility: "specified", visibleUserIds: ["bob1"]), type: "note"), Some.Text("more"));

        Assert.Equal(["bob1"], intent.Recipients, StringComparer.Ordinal);
        Assert.Null(intent.AnswersUser);
    }

    [Fact]
    public void An_answer_that_nobody_would_see_is_not_written()
    {
        var @event = Some.Event(Some.Note(author: Some.Me), type: "reaction");

        Assert.Contains("nobody would see it", Some.Prepare("reply", @event, Some.Text("psst"), ("visibility", Some.Text("specified"))).SkipReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "n1")]
    [InlineData("n0", null, "n0")]
    [InlineData("n0", "n-1", "n-1")]
    public void The_thread_is_its_first_note_that_is_known(string? replyTo, string? thatReplyTo, string thread)
    {
        JsonElement? before = replyTo is null ? null : Some.Note(id: replyTo, replyId: thatReplyTo);

        Assert.Equal(thread, Some.Intent("reply", Some.Event(Some.Note(reply: before)), Some.Text("yo")).Thread);
    }

    [Fact]
    public void A_quote_answers_by_renoting()
    {
        var intent = Some.Intent("quote", Some.Event(Some.Note(visibility: "home", cw: "food")), Some.Text("look"));

        Assert.Equal("""{"visibility":"home","cw":"food","text":"look","noExtractMentions":true,"noExtractHashtags":true,"renoteId":"n1"}""", intent.Body);
        Assert.Equal("quote to @bob: \"look\"", intent.Summary);
    }

    [Theory]
    [InlineData(80, 80)]
    [InlineData(81, 80)]
    public void The_summary_is_one_line_of_80_characters(int written, int shown)
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note()), Some.Data("a\n\u202Eb" + new string('絵', written - 3)));

        Assert.StartsWith("reply to @bob: \"a b絵", intent.Summary, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', intent.Summary);
        Assert.Equal(shown, new StringInfo(intent.Summary["reply to @bob: \"".Length..].TrimEnd('"', '…')).LengthInTextElements);
    }
}

using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Tests.BuiltInActions;

/// <summary>Nothing that a step writes is seen by more people than it may.</summary>
public sealed class VisibilityTests
{
    private static readonly string[] All = ["public", "home", "followers", "specified"];

    public static TheoryData<string, string> Pairs()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var note in All)
        {
            foreach (var wish in All)
            {
                pairs.Add(note, wish);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_reply_is_the_narrower_of_the_note_and_the_wish(string note, string wish)
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note(visibility: note)), Some.Text("yo"), ("visibility", Some.Text(wish)));

        var narrower = All[Math.Max(Array.IndexOf(All, note), Array.IndexOf(All, wish))];
        Assert.Equal(narrower, intent.Visibility);
        Assert.Equal(Array.IndexOf(All, wish) < Array.IndexOf(All, note), intent.Remarks.Any(remark => remark.Contains($"narrowed from {wish} to {note}", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_renote_is_the_narrower_of_the_note_and_the_wish_or_nothing(string note, string wish)
    {
        var preparation = Some.Prepare("renote", Some.Event(Some.Note(visibility: note)), Value.From(Some.Note(visibility: note)), ("visibility", Some.Text(wish)));

        if (note is "followers" or "specified")
        {
            Assert.Contains("not renoted", preparation.SkipReason, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(All[Math.Max(Array.IndexOf(All, note), Array.IndexOf(All, wish))], Assert.IsType<Preparation.Ready>(preparation).Intent.Visibility);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_quote_is_the_narrower_of_the_note_and_the_wish_or_nothing(string note, string wish)
    {
        var preparation = Some.Prepare("quote", Some.Event(Some.Note(visibility: note)), Some.Text("look"), ("visibility", Some.Text(wish)));

        if (note is "followers" or "specified")
        {
            Assert.Contains("not renoted or quoted", preparation.SkipReason, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(All[Math.Max(Array.IndexOf(All, note), Array.IndexOf(All, wish))], Assert.IsType<Preparation.Ready>(preparation).Intent.Visibility);
    }

    /// <summary>Every step that writes, every visibility, text of the note used or not: never wider, never to strangers.</summary>
    [Theory]
    [MemberData(nameof(Pairs))]
    public void Text_of_a_note_is_never_shown_to_more_people_than_the_note_was(string visibility, string wish)
    {
        string[] actions = ["reply", "quote", "note", "dm"];
        string[] readers = ["bob1", "carol1", Some.Me];
        var note = Some.Note(visibility: visibility, visibleUserIds: visibility == "specified" ? [Some.Me, "carol1"] : null);
        var text = Some.Mixed("You said: ", "secret", isPrivate: visibility != "public");
        foreach (var action in actions)
        {
            (string, Value)[] options = action == "dm" ? [("to", Some.Text("carol1"))] : [("visibility", Some.Text(wish))];

            var preparation = Some.Prepare(action, Some.Event(note), text, options);

            if (preparation is Preparation.Ready { Intent: var intent })
            {
                Assert.False(Audience.IsWider(intent.Visibility!, visibility), $"{action} widened {visibility} to {intent.Visibility}");
                Assert.True(visibility != "specified" || intent.Recipients.All(id => readers.Contains(id, StringComparer.Ordinal)), action);
                Assert.True(visibility == "public" || action != "note", "a new note told it");
                Assert.True(visibility != "followers" || intent.Visibility == "specified" && intent.Recipients is ["bob1"], $"{action} told it to the account's own followers");
            }
            else
            {
                Assert.True(visibility is not "public", action);
                Assert.NotEmpty(preparation.SkipReason);
            }
        }
    }

    [Fact]
    public void A_direct_note_is_answered_to_all_who_are_in_it_and_nobody_else()
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note(visibility: "specified", visibleUserIds: [Some.Me, "carol1", "bob1"])), Some.Text("yo"));

        Assert.Equal(["bob1", "carol1"], intent.Recipients, StringComparer.Ordinal);
    }

    [Fact]
    public void An_answer_made_narrower_than_its_note_goes_to_the_notes_author()
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note(visibility: "home")), Some.Text("yo"), ("visibility", Some.Text("specified")));

        Assert.Equal(["bob1"], intent.Recipients, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("inner-circle")]
    public void A_visibility_that_is_not_known_counts_as_the_narrowest(string? visibility)
    {
        var note = Some.Json($$"""{"id":"n1","userId":"bob1","user":{"id":"bob1","username":"bob"},"text":"x","visibility":{{(visibility is null ? "null" : $"\"{visibility}\"")}}}""").Map!.Json!.Value;

        var intent = Some.Intent("reply", Some.Event(note), Some.Text("yo"));

        Assert.Equal("specified", intent.Visibility);
        Assert.Equal(["bob1"], intent.Recipients, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("quote")]
    [InlineData("note")]
    [InlineData("renote")]
    public void A_word_that_is_no_visibility_makes_no_request(string action)
    {
        var preparation = Some.Prepare(action, Some.Event(Some.Note()), action == "renote" ? Value.From(Some.Note()) : Some.Text("yo"), ("visibility", Some.Text("everyone")));

        Assert.Contains("not a visibility", preparation.InvalidReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reply")]
    [InlineData("quote")]
    public void An_answer_stays_in_the_channel_and_on_the_server(string action)
    {
        var json = Some.Intent(action, Some.Event(Some.Note(channelId: "ch1", localOnly: true)), Some.Text("yo")).Json;

        Assert.Equal("ch1", json.GetProperty("channelId").GetString());
        Assert.True(json.GetProperty("localOnly").GetBoolean());
    }

    /// <summary>Misskey sets everything in a channel to public and empties its recipients.</summary>
    [Theory]
    [InlineData("reply")]
    [InlineData("quote")]
    public void In_a_channel_no_answer_pretends_to_be_narrower(string action)
    {
        var preparation = Some.Prepare(action, Some.Event(Some.Note(channelId: "ch1")), Some.Text("yo"), ("visibility", Some.Text("specified")));

        Assert.Contains("channel public", preparation.SkipReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("specified", "alice1", false)]
    [InlineData("followers", "alice1", true)]
    [InlineData("followers", "bob1", false)]
    public void Of_hidden_notes_only_ones_own_to_followers_is_renoted(string visibility, string author, bool may)
    {
        var preparation = Some.Prepare("renote", Some.Event(), Value.From(Some.Note(visibility: visibility, author: author)));

        Assert.Equal(may, preparation is Preparation.Ready { Intent.Visibility: "followers" });
        Assert.Equal(!may, preparation is Preparation.Skip);
    }

    [Fact]
    public void A_note_that_answers_nothing_is_as_visible_as_the_defaults_say()
    {
        var input = Some.Input(Some.Event(), Some.Text("good morning"));

        Assert.Equal("public", Some.Intent("note", input).Visibility);
        Assert.Equal("home", Some.Intent("note", input with { Defaults = new ActionDefaults { Visibility = "home" } }).Visibility);
        Assert.Equal("followers", Some.Intent("note", Some.Event(), Some.Text("x"), ("visibility", Some.Text("followers"))).Visibility);
    }

    [Theory]
    [InlineData("note")]
    [InlineData("api")]
    [InlineData("log")]
    public void Private_text_leaves_only_where_the_step_allows_it(string action)
    {
        var text = Some.Data("secret", isPrivate: true);
        var input = action == "api"
            ? Some.Input(Some.Event(), Some.Text("clips/create"), ("with", Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["name"] = Value.Of([text]) }))))
            : Some.Input(Some.Event(), text);

        Assert.Contains("allow-private: true", Some.Prepare(action, input).SkipReason, StringComparison.Ordinal);
        Assert.IsType<Preparation.Ready>(Some.Prepare(action, input with { AllowPrivate = true }));
    }

    [Theory]
    [InlineData("cw")]
    [InlineData("poll")]
    public void Private_text_does_not_leave_by_an_option_either(string option)
    {
        var secret = Some.Data("secret", isPrivate: true);
        var value = option == "cw" ? secret : Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["choices"] = Value.Of([secret, Some.Text("no")]) }));

        Assert.IsType<Preparation.Skip>(Some.Prepare("note", Some.Event(), Some.Text("vote"), (option, value)));
    }

    [Fact]
    public void Private_text_is_not_told_under_another_note()
    {
        var @event = Some.Event(Some.Note(visibility: "specified", visibleUserIds: [Some.Me]));

        Assert.IsType<Preparation.Skip>(Some.Prepare("reply", @event, Some.Data("secret", isPrivate: true), ("to", Value.From(Some.Note(id: "n2", visibility: "home", author: "carol1")))));
        Assert.IsType<Preparation.Ready>(Some.Prepare("reply", @event, Some.Data("secret", isPrivate: true)));
    }

    /// <summary>The mark does not say whose text it is; under a public note it can only be that of a note inside it, or a kept one.</summary>
    [Fact]
    public void Private_text_is_not_told_under_a_public_note()
    {
        var note = Some.Note(reply: Some.Note(id: "n0", visibility: "followers", author: Some.Me));

        Assert.IsType<Preparation.Skip>(Some.Prepare("reply", Some.Event(note), Some.Data("secret", isPrivate: true)));
    }

    [Fact]
    public void Private_text_is_not_told_to_more_than_the_narrowest_note_involved()
    {
        var note = Some.Note(visibility: "home", reply: Some.Note(id: "n0", visibility: "specified", author: Some.Me));

        Assert.IsType<Preparation.Skip>(Some.Prepare("reply", Some.Event(note), Some.Data("secret", isPrivate: true)));
    }

    [Theory]
    [InlineData("bob1", true)]
    [InlineData("carol1", true)]
    [InlineData("mallory1", false)]
    public void Private_text_reaches_by_dm_only_those_who_could_read_it(string to, bool may)
    {
        var @event = Some.Event(Some.Note(visibility: "specified", visibleUserIds: [Some.Me, "carol1"]));

        var preparation = Some.Prepare("dm", @event, Some.Data("secret", isPrivate: true), ("to", Some.Text(to)));

        Assert.Equal(may, preparation is Preparation.Ready);
    }
}

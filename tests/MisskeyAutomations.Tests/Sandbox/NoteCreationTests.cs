using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary><c>notes/create</c>: what is accepted, what becomes of it.</summary>
public sealed class NoteCreationTests
{
    public static TheoryData<string, string, string> Invalid => new()
    {
        { "{}", "#/then/required", "must have required property 'text'" },
        { """{"text":null}""", "#/then/properties/text/type", "must be string" },
        { """{"text":""}""", "#/then/properties/text/minLength", "must NOT have fewer than 1 characters" },
        { """{"text":" 　\n"}""", "#/then/properties/text/pattern", """must match pattern "[^\s]+" """.TrimEnd() },
        { $$"""{"text":"{{new string('a', 3001)}}"}""", "#/then/properties/text/maxLength", "must NOT have more than 3000 characters" },
        { $$"""{"text":"{{string.Concat(Enumerable.Repeat("🐰", 3001))}}"}""", "#/then/properties/text/maxLength", "must NOT have more than 3000 characters" },
        { """{"cw":"only"}""", "#/then/required", "must have required property 'text'" },
        { """{"text":"a","cw":""}""", "#/properties/cw/minLength", "must NOT have fewer than 1 characters" },
        { """{"text":"a","visibility":"secret"}""", "#/properties/visibility/enum", "must be equal to one of the allowed values" },
        { """{"text":"a","replyId":"dummy-note-1"}""", "#/properties/replyId/format", "must match format \"misskey:id\"" },
        { """{"text":"a","localOnly":"yes"}""", "#/properties/localOnly/type", "must be boolean" },
        { """{"text":"a","fileIds":[]}""", "#/properties/fileIds/minItems", "must NOT have fewer than 1 items" },
        { """{"text":"a","poll":{"choices":["a"]}}""", "#/properties/poll/properties/choices/minItems", "must NOT have fewer than 2 items" },
        { """{"text":"a","poll":{}}""", "#/properties/poll/required", "must have required property 'choices'" },
        { """[]""", "#/type", "must be object" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task A_parameter_that_does_not_fit_is_named_with_its_schema_path(string body, string path, string reason)
    {
        await using var stage = await Stage.SetAsync();

        var answer = await stage.CallAsync(stage.Alice, "notes/create", body);

        Assert.Equal((400, "INVALID_PARAM"), (answer.Status, answer.Code));
        var info = answer.Error.GetProperty("info");
        Assert.Equal((path, reason), (info.GetProperty("param").GetString(), info.GetProperty("reason").GetString()));
        Assert.Empty(stage.World.NotesOf(stage.Alice));
    }

    [Fact]
    public async Task Text_is_counted_in_code_points_and_trimmed()
    {
        await using var stage = await Stage.SetAsync();
        var rabbits = string.Concat(Enumerable.Repeat("🐰", 3000));

        var answer = await stage.CallAsync(stage.Alice, "notes/create", $$"""{"text":"{{rabbits}}"}""");
        await stage.CallAsync(stage.Alice, "notes/create", """{"text":"　 in the middle\n"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal([rabbits, "in the middle"], stage.World.NotesOf(stage.Alice).Select(note => note.Text), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("reply", NoteVisibility.Public, "public", "public")]
    [InlineData("reply", NoteVisibility.Home, "public", "home")]
    [InlineData("reply", NoteVisibility.Followers, "public", "home")]
    [InlineData("reply", NoteVisibility.Followers, "followers", "followers")]
    [InlineData("reply", NoteVisibility.Home, "specified", "specified")]
    [InlineData("renote", NoteVisibility.Home, "public", "home")]
    [InlineData("renote", NoteVisibility.Home, "followers", "followers")]
    [InlineData("renote", NoteVisibility.Followers, "public", "followers")]
    public async Task Visibility_is_narrowed_to_what_the_note_refers_to(string what, NoteVisibility target, string asked, string becomes)
    {
        await using var stage = await Stage.SetAsync();
        var note = stage.World.Post(stage.Alice, "first", target);

        var answer = await stage.CallAsync(stage.Alice, "notes/create", $$"""{"text":"second","{{what}}Id":"{{note.Id}}","visibility":"{{asked}}"}""");

        Assert.Equal(becomes, answer.Json.GetProperty("createdNote").GetProperty("visibility").GetString());
    }

    [Fact]
    public async Task A_specified_reply_addresses_the_author_and_unknown_addressees_are_passed_over()
    {
        await using var stage = await Stage.SetAsync();
        var message = stage.World.Message(stage.Bob, stage.Alice, "psst");

        var answer = await stage.CallAsync(
            stage.Alice, "notes/create", $$"""{"text":"what?","replyId":"{{message.Id}}","visibility":"specified","visibleUserIds":["zzzzzzzzzz"]}""");

        var addressees = answer.Json.GetProperty("createdNote").GetProperty("visibleUserIds").EnumerateArray().Select(id => id.GetString());
        Assert.Equal([stage.Bob.Id], addressees, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Upstream_servers_make_two_notes_of_two_equal_calls()
    {
        await using var stage = await Stage.SetAsync();

        await stage.CallAsync(stage.Alice, "notes/create", """{"text":"same"}""");
        await stage.CallAsync(stage.Alice, "notes/create", """{"text":"same"}""");

        Assert.Equal(2, stage.World.NotesOf(stage.Alice).Count);
    }

    [Fact]
    public async Task More_than_twenty_mentions_are_refused()
    {
        await using var stage = await Stage.SetAsync();
        var names = Enumerable.Range(0, 21).Select(i => stage.World.AddAccount("person" + i).ToString());

        var answer = await stage.CallAsync(stage.Alice, "notes/create", $$"""{"text":"{{string.Join(' ', names)}}"}""");

        Assert.Equal("CONTAINS_TOO_MANY_MENTIONS", answer.Code);
        Assert.Empty(stage.World.NotesOf(stage.Alice));
    }

    [Fact]
    public async Task Deleting_a_note_takes_its_replies_and_counts_along()
    {
        await using var stage = await Stage.SetAsync();
        var first = stage.World.Post(stage.Alice, "first");
        var reply = stage.World.Reply(stage.Bob, first, "second");
        stage.World.Reply(stage.Carol, reply, "third");
        stage.World.Quote(stage.Bob, first, "fourth");
        Assert.Equal((1, 1), (first.RepliesCount, first.RenoteCount));

        var answer = await stage.CallAsync(stage.Alice, "notes/delete", $$"""{"noteId":"{{first.Id}}"}""");

        Assert.Equal(204, answer.Status);
        Assert.Equal((0, 0, 0), (stage.Alice.NotesCount, stage.Bob.NotesCount, stage.Carol.NotesCount));
        Assert.Equal("NO_SUCH_NOTE", (await stage.CallAsync(stage.Alice, "notes/show", $$"""{"noteId":"{{reply.Id}}"}""")).Code);
    }

    [Fact]
    public async Task The_deduplicating_flavour_answers_the_first_note_to_an_equal_body_for_60_seconds()
    {
        await using var stage = await DeduplicatingAsync();
        const string Body = """{"text":"same"}""";

        var first = await stage.CallAsync(stage.Alice, "notes/create", Body);
        await stage.EventsAsync(); // or the clock would time them out
        stage.Time.Advance(TimeSpan.FromSeconds(59));
        var again = await stage.CallAsync(stage.Alice, "notes/create", Body);
        var other = await stage.CallAsync(stage.Alice, "notes/create", """{"text":"same","nonce":"2"}""");
        var others = await stage.CallAsync(stage.Bob, "notes/create", Body);
        await stage.EventsAsync();
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        var later = await stage.CallAsync(stage.Alice, "notes/create", Body);

        Assert.Equal(Id(first), Id(again));
        Assert.Equal(4, new[] { first, other, others, later }.Select(Id).ToHashSet(StringComparer.Ordinal).Count);
        Assert.Equal(3, stage.World.NotesOf(stage.Alice).Count);
        Assert.Equal(4, (await stage.EventsAsync()).Length);
    }

    [Theory]
    [InlineData("PROCESSING", 202)]
    [InlineData("REPLY_TO_BOT_NOT_ALLOWED", 400)]
    public async Task The_deduplicating_flavour_refuses_what_upstream_does_not(string code, int status)
    {
        await using var stage = await DeduplicatingAsync();
        var bots = stage.World.Post(stage.World.AddAccount("bot2", isBot: true), "beep");
        var body = code is "PROCESSING" ? """{"text":"x","replyId":"zzzzzzzzzz"}""" : $$"""{"text":"x","replyId":"{{bots.Id}}"}""";

        var answer = await stage.CallAsync(stage.Botty, "notes/create", body);
        if (code is "PROCESSING")
        {
            Assert.Equal("NO_SUCH_REPLY_TARGET", answer.Code);
            answer = await stage.CallAsync(stage.Botty, "notes/create", body);
        }

        var recorded = Recorded.ApiErrors().First(call => call.GetRawText().Contains(code, StringComparison.Ordinal)).GetProperty("response").GetProperty("error");
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal(JsonShape.Of(recorded), JsonShape.Of(answer.Error));
        Assert.Equal(recorded.GetProperty("id").GetString(), answer.Error.GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_deduplicating_flavour_need_not_answer_the_note()
    {
        await using var stage = await DeduplicatingAsync();

        var answer = await stage.CallAsync(stage.Alice, "notes/create", """{"text":"x","noCreatedNote":true}""");

        Assert.Equal((204, ""), (answer.Status, answer.Body));
        Assert.Single(stage.World.NotesOf(stage.Alice));
    }

    private static Task<Stage> DeduplicatingAsync() => Stage.SetAsync(options => options with { Flavour = SandboxFlavour.Deduplicating });

    private static string? Id(Answer answer) => answer.Json.GetProperty("createdNote").GetProperty("id").GetString();
}

using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class MisskeyLookupsTests
{
    [Theory]
    [InlineData(LookupKind.UserShow, "abc123", "/api/users/show", """{"userId":"abc123"}""")]
    [InlineData(LookupKind.UserShow, "@bob", "/api/users/show", """{"username":"bob","host":null}""")]
    [InlineData(LookupKind.UserShow, "@bob@far.example", "/api/users/show", """{"username":"bob","host":"far.example"}""")]
    [InlineData(LookupKind.UserRelation, "abc123", "/api/users/relation", """{"userId":"abc123"}""")]
    [InlineData(LookupKind.NoteShow, "n1\",\"i\":\"x", "/api/notes/show", """{"noteId":"n1\",\"i\":\"x"}""")]
    public async Task Each_look_up_asks_its_endpoint(LookupKind kind, string key, string path, string body)
    {
        await using var server = RawServer.Start(RawServer.Json(200, "{}"));
        await using var rig = new MisskeyRig(server.Address);

        await AskAsync(rig, kind, key);

        var request = Assert.Single(server.Requests);
        Assert.Equal(path, request.Path);
        Assert.Equal(body, request.BodyText);
    }

    [Theory]
    [InlineData("""[{"id":"u1","isFollowed":true}]""")]
    [InlineData("""{"id":"u1","isFollowed":true}""")]
    public async Task A_relation_is_the_first_of_the_list_that_Misskey_answers(string json)
    {
        await using var server = RawServer.Start(RawServer.Json(200, json));
        await using var rig = new MisskeyRig(server.Address);

        var answer = await AskAsync(rig, LookupKind.UserRelation, "u1");

        Assert.True(Assert.IsType<LookupAnswer.Found>(answer).Json.IsTrue("isFollowed"));
    }

    [Fact]
    public async Task A_note_that_cannot_be_seen_is_found_all_the_same()
    {
        await using var server = RawServer.Start(RawServer.Json(200, """{"id":"n1","text":null,"isHidden":true}"""));
        await using var rig = new MisskeyRig(server.Address);

        Assert.True(Assert.IsType<LookupAnswer.Found>(await AskAsync(rig, LookupKind.NoteShow, "n1")).Json.IsTrue("isHidden"));
    }

    [Theory]
    [InlineData(400, "NO_SUCH_NOTE")]
    [InlineData(404, "NO_SUCH_USER")]
    [InlineData(403, "USER_SUSPENDED")]
    [InlineData(400, "BLOCKED")]
    [InlineData(400, "INVALID_PARAM")]
    public async Task A_refusal_about_the_person_or_note_is_for_good(int status, string code)
    {
        await using var server = RawServer.Start(RawServer.Json(status, $$$"""{"error":{"code":"{{{code}}}","id":"x","message":"No."}}"""));
        await using var rig = new MisskeyRig(server.Address);

        Assert.IsType<LookupAnswer.Refused>(await AskAsync(rig, LookupKind.UserShow, "u1"));
    }

    /// <summary>Taken for a no, each of these would tell a rule that somebody does not follow.</summary>
    [Theory]
    [InlineData(403, """{"error":{"code":"PERMISSION_DENIED","id":"1370e5b7-d4eb-4566-bb1d-7748ee6a1838"}}""")]
    [InlineData(500, """{"error":{"code":"FAILED_TO_RESOLVE_REMOTE_USER","id":"x"}}""")]
    [InlineData(502, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(200, "7")]
    [InlineData(200, "{")]
    [InlineData(404, """{"message":"Route POST:/api/users/show not found","error":"Not Found","statusCode":404}""")]
    public async Task Everything_else_is_no_answer_for_now(int status, string body)
    {
        await using var server = RawServer.Start(RawServer.Json(status, body));
        await using var rig = new MisskeyRig(server.Address);

        Assert.IsType<LookupAnswer.Failed>(await AskAsync(rig, LookupKind.UserRelation, "u1"));
    }

    [Fact]
    public async Task A_refused_account_waits_until_it_is_taken_again()
    {
        await using var server = RawServer.Start(RawServer.Json(401, """{"error":{"code":"AUTHENTICATION_FAILED","id":"b0a7f5f8-dc2f-4171-b91f-de88ad238e14"}}"""));
        await using var rig = new MisskeyRig(server.Address);

        Assert.IsType<LookupAnswer.Paused>(await AskAsync(rig, LookupKind.UserRelation, "u1"));
    }

    [Fact]
    public async Task A_busy_server_says_how_long_to_wait()
    {
        await using var server = RawServer.Start(RawServer.Json(429, "{}", "Retry-After: 30"));
        await using var rig = new MisskeyRig(server.Address);

        var answer = await AskAsync(rig, LookupKind.UserShow, "u1");

        Assert.Equal(TimeSpan.FromSeconds(30), Assert.IsType<LookupAnswer.Failed>(answer).RetryAfter);
    }

    [Theory]
    [InlineData("l1", "l1")]
    [InlineData("friends", "l1")]
    [InlineData("l3", "l3")]
    [InlineData("twins", "l4,l5")]
    [InlineData("Friends", "")]
    public async Task An_own_list_is_found_by_its_id_before_its_name(string wish, string ids)
    {
        const string Lists = """[{"id":"l1","name":"friends"},{"id":"l2","name":"l3"},{"id":"l3","name":"x"},{"id":"l4","name":"twins"},{"id":"l5","name":"twins"}]""";
        await using var server = RawServer.Start(RawServer.Json(200, Lists));
        await using var rig = new MisskeyRig(server.Address);

        var answer = Assert.IsType<LookupAnswer.Found>(await AskAsync(rig, LookupKind.OwnLists, wish));

        Assert.Equal(ids, string.Join(',', answer.Json.EnumerateArray().Select(list => list.GetText("id"))));
    }

    [Fact]
    public async Task The_end_of_the_program_ends_a_look_up()
    {
        var hasRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = RawServer.Start(RawServer.Silence(hasRead));
        await using var rig = new MisskeyRig(server.Address);
        using var end = new CancellationTokenSource();

        var asking = rig.Get<ILookups>().AskAsync("main", new Lookup(LookupKind.UserShow, "u1"), end.Token);
        await hasRead.Task;
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static Task<LookupAnswer> AskAsync(MisskeyRig rig, LookupKind kind, string key) =>
        rig.Get<ILookups>().AskAsync("main", new Lookup(kind, key), TestContext.Current.CancellationToken);
}

using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>What happens before and around an endpoint: methods, content types, sizes, tokens, the journal.</summary>
public sealed class ApiTransportTests
{
    [Theory]
    [InlineData("{\"text\":", "application/json", 400, "Bad Request")]
    [InlineData("i=x", "application/x-www-form-urlencoded", 415, "Unsupported Media Type")]
    public async Task A_body_that_is_no_json_is_refused_in_the_shape_of_the_framework(string body, string contentType, int status, string error)
    {
        await using var stage = await Stage.SetAsync();

        var answer = await stage.CallAsync(stage.Alice.Token, "notes/create", body, contentType: contentType);

        Assert.Equal((status, error), (answer.Status, answer.Error.GetString()));
    }

    [Theory]
    [InlineData("""{"text":"a\ud83db"}""", "a\uFFFDb")]
    [InlineData("""{"text":"a\\\\ud83d \uDC30"}""", "a\\\\ud83d \uFFFD")]
    [InlineData("""{"text":"a\ud83d\udc30"}""", "a🐰")]
    public async Task Lone_surrogates_are_replaced_as_Nodes_encoder_replaces_them(string body, string text)
    {
        await using var stage = await Stage.SetAsync();

        await stage.CallAsync(stage.Alice, "notes/create", body);

        Assert.Equal(text, Assert.Single(stage.World.NotesOf(stage.Alice)).Text);
    }

    [Fact]
    public async Task A_body_over_1_MiB_is_too_large()
    {
        await using var stage = await Stage.SetAsync();

        var answer = await stage.CallAsync(stage.Alice, "notes/create", $$"""{"text":"{{new string('a', 1 << 20)}}"}""");

        Assert.Equal((413, "FST_ERR_CTP_BODY_TOO_LARGE"), (answer.Status, answer.Json.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Get_is_taken_where_allowed_only_and_put_acts_like_post()
    {
        await using var stage = await Stage.SetAsync();

        Assert.Equal(200, (await stage.CallAsync((string?)null, "meta", method: HttpMethod.Get)).Status);
        Assert.Equal(405, (await stage.CallAsync((string?)null, "i", method: HttpMethod.Get)).Status);
        Assert.Equal(200, (await stage.CallAsync(stage.Alice.Token, "i", method: HttpMethod.Put)).Status);
    }

    [Fact]
    public async Task The_token_may_be_in_the_body_but_the_header_wins()
    {
        await using var stage = await Stage.SetAsync();

        var inBody = await stage.CallAsync((string?)null, "i", $$"""{"i":"{{stage.Alice.Token}}"}""");
        var both = await stage.CallAsync(stage.Bob.Token, "i", $$"""{"i":"{{stage.Alice.Token}}"}""");

        Assert.Equal("alice", inBody.Json.GetProperty("username").GetString());
        Assert.Equal("bob", both.Json.GetProperty("username").GetString());
    }

    [Fact]
    public async Task A_wrong_token_fails_also_where_none_is_needed_and_a_revoked_one_is_wrong()
    {
        await using var stage = await Stage.SetAsync();
        var token = stage.World.IssueToken(stage.Alice, "read:account");
        Assert.Equal(200, (await stage.CallAsync(token, "i")).Status);

        stage.World.RevokeToken(token);

        Assert.Equal("AUTHENTICATION_FAILED", (await stage.CallAsync(token, "ping")).Code);
    }

    [Fact]
    public async Task A_lower_case_bearer_is_not_seen()
    {
        await using var stage = await Stage.SetAsync();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", stage.Alice.Token);
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");

        using var response = await http.PostAsync(new Uri(stage.Server.Url, "api/i"), content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer realm=\"Misskey\"", response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task A_token_that_is_no_text_is_never_answered()
    {
        await using var stage = await Stage.SetAsync();
        var recorded = new TaskCompletionSource();
        stage.World.Called += _ => recorded.TrySetResult();

        var call = stage.CallAsync((string?)null, "ping", """{"i":1}""");
        await recorded.Task;

        Assert.False(call.IsCompleted);
        await stage.Server.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => call);
    }

    [Fact]
    public async Task An_uploaded_file_is_described_and_can_be_posted_by_its_owner_only()
    {
        await using var stage = await Stage.SetAsync();
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", stage.Alice.Token);
        var bytes = "not really a picture"u8.ToArray();
        using var file = new ByteArrayContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var form = new MultipartFormDataContent { { new StringContent("写真.png"), "name" }, { new StringContent("true"), "isSensitive" }, { file, "file", "x.png" } };

        using var response = await http.PostAsync(new Uri(stage.Server.Url, "api/drive/files/create"), form, TestContext.Current.CancellationToken);

        var json = System.Text.Json.JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("写真.png", "image/png", bytes.Length), (json.GetProperty("name").GetString(), json.GetProperty("type").GetString(), json.GetProperty("size").GetInt32()));
#pragma warning disable CA5351 // Misskey shows the MD5 of a file; nothing is secured by it.
        Assert.Equal(Convert.ToHexStringLower(MD5.HashData(bytes)), json.GetProperty("md5").GetString());
#pragma warning restore CA5351
        Assert.True(json.GetProperty("isSensitive").GetBoolean());
        var body = $$"""{"fileIds":["{{json.GetProperty("id").GetString()}}"]}""";
        Assert.Equal("NO_SUCH_FILE", (await stage.CallAsync(stage.Bob, "notes/create", body)).Code);
        Assert.Equal(200, (await stage.CallAsync(stage.Alice, "notes/create", body)).Status);
    }

    [Fact]
    public async Task The_journal_keeps_the_last_calls_with_caller_body_status_and_error()
    {
        await using var stage = await Stage.SetAsync(options => options with { JournalCapacity = 2 });

        await stage.CallAsync(stage.Alice, "ping");
        await stage.CallAsync(stage.Alice, "notes/create", """{"text":"こんにちは"}""");
        await stage.CallAsync((string?)null, "i");

        Assert.Collection(
            stage.World.Calls,
            call => Assert.Equal(
                ("alice", "notes/create", """{"text":"こんにちは"}""", 200, null), (call.Username, call.Endpoint, call.Body, call.Status, call.ErrorCode)),
            call => Assert.Equal(
                (null, "i", "{}", 401, "CREDENTIAL_REQUIRED"), (call.Username, call.Endpoint, call.Body, call.Status, call.ErrorCode)));
    }
}

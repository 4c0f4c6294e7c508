using System.Text.Json;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>MiAuth as Misskey does it: a person agrees in a browser, and the app fetches the token once.</summary>
public sealed class MiAuthTests : IDisposable
{
    private const string Permissions = "read:account,write:notes,no:such-thing";

    private readonly HttpClient _browser = new();

    public void Dispose() => _browser.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_token_is_given_once_and_may_do_what_was_agreed_to()
    {
        await using var stage = await Stage.SetAsync();
        var page = await _browser.GetStringAsync(Page(stage), Token);
        Assert.Contains("<strong>Robot &lt;b&gt;</strong>", page, StringComparison.Ordinal);
        Assert.Contains("<li>write:notes</li>", page, StringComparison.Ordinal);
        Assert.False((await CheckAsync(stage)).GetProperty("ok").GetBoolean());

        await DecideAsync(stage, "allow");

        var answer = await CheckAsync(stage);
        Assert.Equal("alice", answer.GetProperty("user").GetProperty("username").GetString());
        Assert.False((await CheckAsync(stage)).GetProperty("ok").GetBoolean());
        var token = answer.GetProperty("token").GetString()!;
        Assert.Equal(32, token.Length);
        Assert.Equal(200, (await stage.CallAsync(token, "notes/create", """{"text":"hi"}""")).Status);
        Assert.Equal("PERMISSION_DENIED", (await stage.CallAsync(token, "i/notifications")).Code);
        Assert.Equal("ACCESS_DENIED", (await stage.CallAsync(token, "miauth/gen-token", """{"session":null,"permission":[]}""")).Code);
    }

    [Fact]
    public async Task Who_refuses_leaves_nothing_behind()
    {
        await using var stage = await Stage.SetAsync();

        await DecideAsync(stage, "deny");

        Assert.False((await CheckAsync(stage)).GetProperty("ok").GetBoolean());
    }

    [Fact]
    public async Task A_signed_in_browser_makes_tokens_without_a_session()
    {
        await using var stage = await Stage.SetAsync();

        var answer = await stage.CallAsync(stage.Alice, "miauth/gen-token", """{"session":null,"permission":["read:account"]}""");

        Assert.Equal(200, (await stage.CallAsync(answer.Json.GetProperty("token").GetString(), "i")).Status);
    }

    [Fact]
    public async Task The_server_says_what_it_is()
    {
        await using var stage = await Stage.SetAsync();

        var links = JsonElement.Parse(await _browser.GetStringAsync(new Uri(stage.Server.Url, ".well-known/nodeinfo"), Token));
        var node = JsonElement.Parse(await _browser.GetStringAsync(links.GetProperty("links")[0].GetProperty("href").GetString(), Token));

        Assert.Equal("misskey", node.GetProperty("software").GetProperty("name").GetString());
    }

    private static Uri Page(Stage stage) => new(stage.Server.Url, $"miauth/11111111-1111-4111-8111-111111111111?name=Robot%20%3Cb%3E&permission={Permissions}");

    private async Task DecideAsync(Stage stage, string decision)
    {
        using var form = new FormUrlEncodedContent([new("user", "alice"), new("decision", decision)]);
        using var answer = await _browser.PostAsync(Page(stage), form, Token);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonElement> CheckAsync(Stage stage) => (await stage.CallAsync((string?)null, "miauth/11111111-1111-4111-8111-111111111111/check")).Json;
}

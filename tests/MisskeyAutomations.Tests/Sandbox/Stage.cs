using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Tests.Sandbox;

/// <summary>A sandbox whose people all have a hook for everything at one receiver, and a clock that stands still.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly string[] Everything = ["mention", "unfollow", "follow", "followed", "note", "reply", "renote", "reaction"];

    private readonly HttpClient _http = new();

    private Stage(SandboxServer server, HookReceiver receiver, FakeTimeProvider time)
    {
        Server = server;
        Receiver = receiver;
        Time = time;
        Alice = Add("alice", "アリス 🐇", description: "webhook の持ち主です");
        Bob = Add("bob");
        Carol = Add("carol");
        Dave = Add("dave", isLocked: true);
        Botty = Add("botty", isBot: true);
    }

    public SandboxServer Server { get; }

    public SandboxWorld World => Server.World;

    public HookReceiver Receiver { get; }

    public FakeTimeProvider Time { get; }

    public Account Alice { get; }

    public Account Bob { get; }

    public Account Carol { get; }

    public Account Dave { get; }

    public Account Botty { get; }

    public static async Task<Stage> SetAsync(Func<SandboxOptions, SandboxOptions>? configure = null)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 3, 0, 0, TimeSpan.Zero));
        var options = new SandboxOptions { TimeProvider = time, RateLimits = false, DeliveriesPerSecond = 10_000 };
        var server = await SandboxServer.StartAsync(configure?.Invoke(options) ?? options, TestContext.Current.CancellationToken);
        return new Stage(server, await HookReceiver.StartAsync(), time);
    }

    /// <summary>Waits for all webhooks and returns "who type", sorted.</summary>
    public async Task<string[]> EventsAsync()
    {
        await World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        return [.. Receiver.All.Select(hook => $"{hook.Path[6..]} {hook.Type}").Order(StringComparer.Ordinal)];
    }

    /// <summary>The one webhook of that type that reached the account.</summary>
    public async Task<ReceivedHook> WebhookAsync(string username, string type)
    {
        await World.DeliveriesSettledAsync(TestContext.Current.CancellationToken);
        return Receiver.All.Last(hook => hook.Path == "/hook/" + username && hook.Type == type);
    }

    public Task<Answer> CallAsync(Account caller, string endpoint, string body = "{}") => CallAsync(caller.Token, endpoint, body);

    public async Task<Answer> CallAsync(
        string? token, string endpoint, string body = "{}", HttpMethod? method = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(Server.Url, "api/" + endpoint));
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (request.Method != HttpMethod.Get)
        {
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        }
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            (int)response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.WwwAuthenticate.ToString(),
            (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Receiver.DisposeAsync();
        _http.Dispose();
    }

    private Account Add(string username, string? name = null, bool isBot = false, bool isLocked = false, string? description = null)
    {
        var account = World.AddAccount(username, name, isBot, isLocked, description);
        World.AddWebhook(account, $"{Receiver.Url}/{username}", "shhh-alice-0123456789", Everything);
        return account;
    }
}

/// <summary>What an API call was answered.</summary>
internal sealed record Answer(int Status, string Body, string Challenge, int? RetryAfter)
{
    public JsonElement Json => JsonElement.Parse(Body);

    public JsonElement Error => Json.GetProperty("error");

    public string Code => Error.GetProperty("code").GetString()!;
}

internal static class StageNotes
{
    extension(Stage stage)
    {
        /// <summary>Alice's first note.</summary>
        public Note Hers() => stage.World.NotesOf(stage.Alice)[0];

        public Note Latest(Account author) => stage.World.NotesOf(author)[^1];
    }
}

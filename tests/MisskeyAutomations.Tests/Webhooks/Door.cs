using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Storage;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Tests.Webhooks;

/// <summary>The door on a real port with a real store.</summary>
internal sealed class Door : IAsyncDisposable
{
    public const string Secret = "shhh-alice-0123456789";
    public const string FormerSecret = "once-alice-0123456789";
    public const string SystemSecret = "shhh-administrators-0123456789";

    private readonly TempDirectory _directory;
    private readonly WebApplication _app;

    private Door(TempDirectory directory, WebApplication app)
    {
        _directory = directory;
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Client = new HttpClient { BaseAddress = Address };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public StoreOptions Options => _app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<StoreOptions>>().Value;

    public Store Store => _app.Services.GetRequiredService<Store>();

    public IInbox Inbox => _app.Services.GetRequiredService<IInbox>();

    /// <param name="time">The clock.</param>
    /// <param name="perSecond">How many webhooks it takes in a second; no test is to wait for its turn unless it is about that.</param>
    public static async Task<Door> OpenAsync(TimeProvider? time = null, int perSecond = WebhookOptions.Most)
    {
        var directory = new TempDirectory();
        var app = Build(directory.Path, time, perSecond);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(directory, app);
    }

    /// <summary>The program as far as the door needs it.</summary>
    public static WebApplication Build(string dataDirectory, TimeProvider? time = null, int perSecond = WebhookOptions.Most)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton(new AccountDirectory(
        [
            // A list of the runtime's own: one that the compiler makes belongs to this assembly, whose initializer never ends in ChildDoor.
            new Account
            {
                Name = "alice",
                Server = new Uri("https://misskey.example"),
                Token = new("unused"),
                HookSecrets = [new(Secret), new(FormerSecret)],
                SystemHookSecrets = new List<Accounts.Secret> { new(SystemSecret) },
            },
            new Account { Name = "bob", Server = new Uri("https://misskey.example"), Token = new("unused"), HookSecrets = [new("shhh-bob-0123456789")] },
        ]));
        builder.Services.AddWebhooks(webhooks => webhooks.PerSecond = perSecond).AddStorage(store => store.DataDirectory = dataDirectory);
        var app = builder.Build();
        app.MapWebhooks();
        return app;
    }

    public Task<HttpResponseMessage> PostAsync(string body, string account = "alice", string? secret = Secret, string? contentType = "application/json") =>
        PostAsync(Encoding.UTF8.GetBytes(body), account, secret, contentType);

    public async Task<HttpResponseMessage> PostAsync(byte[] body, string account = "alice", string? secret = Secret, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{account}") { Content = new ByteArrayContent(body) };
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (secret is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Misskey-Hook-Secret", secret);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends bytes as they are and gives what comes back until the server closes the connection, which the request must ask for.</summary>
    public async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), TestContext.Current.CancellationToken);
        var answer = new StringBuilder();
        var buffer = new byte[4_096];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Eventually.Patience);
        try
        {
            int read;
            do
            {
                read = await stream.ReadAsync(buffer, patience.Token);
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            while (read > 0);
        }
        catch (IOException)
        {
            // A reset: what came before it is the answer.
        }

        return answer.ToString();
    }

    /// <summary>What is there now: whoever would have to wait for a delivery finds none.</summary>
    public async Task<IReadOnlyList<Delivery>> StoredAsync()
    {
        using var end = new CancellationTokenSource();
        var taking = Inbox.TakeAsync(0, 10_000, end.Token);
        if (!taking.IsCompleted)
        {
            await end.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taking);
            return [];
        }

        return await taking;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}

using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Sandbox.Webhooks;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Connecting;

/// <summary>Orders about accounts, as the control socket gives them to a running engine, and the person who sits before the browser.</summary>
internal sealed class Orders(House house) : IDisposable
{
    private readonly HttpClient _browser = new();

    /// <summary>Who sits there; null for nobody.</summary>
    public string? Person { get; set; } = "alice";

    /// <summary>What was told.</summary>
    public ConcurrentQueue<string> Told { get; } = [];

    /// <summary>The links that were shown.</summary>
    public ConcurrentQueue<Uri> Links { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A house whose engine has no account yet.</summary>
    public static async Task<House> OpenHouseAsync(string rules, Func<MisskeyAutomations.Sandbox.SandboxOptions, MisskeyAutomations.Sandbox.SandboxOptions>? options = null)
    {
        var house = await House.OpenAsync(rules, options, start: false);
        house.Accounts = [];
        await house.StartAsync();
        return house;
    }

    public AccountOrder Connect(string? name = null, bool isReachable = true, string? token = null, string? replace = null, double? seconds = null, Uri? server = null) => new()
    {
        Deed = AccountDeed.Connect,
        Server = new Uri((server ?? house.Misskey.Url).GetLeftPart(UriPartial.Authority)),
        Name = name,
        PublicUrl = isReachable ? new Uri(house.Door, "/") : null,
        Token = token,
        Replace = replace,
        Seconds = seconds,
    };

    public Task<int> GiveAsync(AccountDeed deed, string name = "main") => GiveAsync(new AccountOrder { Deed = deed, Name = name });

    public Task<int> GiveAsync(AccountOrder order) => order.ExecuteAsync(house.Engine.Services, TakeAsync, Token);

    /// <summary>The sentence with which an order is refused.</summary>
    public async Task<string> RefusedAsync(AccountOrder order) => (await Assert.ThrowsAsync<ConnectingException>(() => GiveAsync(order))).Message;

    public ConnectedAccount? Find(string name = "main") => house.Engine.Services.GetRequiredService<ConnectedAccounts>().Find(name);

    public void Dispose() => _browser.Dispose();

    private async Task TakeAsync(Progress progress)
    {
        Told.Enqueue(progress.Sentence.ToString());
        if (progress.Link is { } link)
        {
            Links.Enqueue(link);
            if (Person is { } person)
            {
                await DecideAsync(_browser, link, person, "allow");
            }
        }
    }

    /// <summary>Presses a button on the page.</summary>
    public static async Task DecideAsync(HttpClient browser, Uri link, string person, string decision)
    {
        using var form = new FormUrlEncodedContent([new("user", person), new("decision", decision)]);
        using var answer = await browser.PostAsync(link, form, Token);
        answer.EnsureSuccessStatusCode();
    }
}

/// <summary>What a house looks like to who connects its owner.</summary>
internal static class ConnectedHouses
{
    extension(House house)
    {
        /// <summary>The owner's webhooks.</summary>
        public IReadOnlyList<Webhook> Hooks() => house.World.WebhooksOf(house.Owner);

        /// <summary>The owner changes the first of them by hand; ID stands for its id.</summary>
        public Task ChangeHookAsync(string change) => house.CallAsync("i/webhooks/update", change.Replace("ID", house.Hooks()[0].Id, StringComparison.Ordinal));

        /// <summary>The owner calls the API with the token of the browser.</summary>
        public async Task CallAsync(string endpoint, string body)
        {
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Authorization = new("Bearer", house.Owner.Token);
            using var answer = await http.PostAsync(
                new Uri(house.Misskey.Url, "api/" + endpoint), new StringContent(body, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }
}

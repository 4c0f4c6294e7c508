using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Misskey;

/// <summary>The folder as the program wires it, with one account, a clock that stands still and every log line kept.</summary>
internal sealed class MisskeyRig : IAsyncDisposable
{
    public const string Token = "CANARY-token-0123456789abcdef";

    private readonly ServiceProvider _services;

    /// <param name="server">The server of the account.</param>
    /// <param name="token">Its token.</param>
    /// <param name="clock">The clock; null for one of its own.</param>
    /// <param name="second">The server of a second account, if there is one.</param>
    /// <param name="names">Finds addresses; null as the program does.</param>
    public MisskeyRig(Uri server, string token = Token, WatchedClock? clock = null, Uri? second = null, FindAddresses? names = null)
    {
        Clock = clock ?? new WatchedClock(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));
        var account = new Account { Name = "main", Server = server, Token = new Secret(token), HookSecrets = [new Secret("a hook secret")] };
        var services = new ServiceCollection();
        if (names is not null)
        {
            services.AddSingleton(names);
        }

        _services = services
            .AddSingleton<TimeProvider>(Clock)
            .AddAccounts(second is null ? [account] : [account, account with { Name = "second", Server = second }])
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddMisskey()
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    public WatchedClock Clock { get; }

    public KeptLog Log { get; } = new();

    /// <summary>
    /// Some time passes, once no request is on its way: however long an answer takes on a busy machine, it does not by this clock.
    /// </summary>
    public async Task PassAsync(TimeSpan time)
    {
        await Eventually.HoldsAsync(() => !Clock.IsWaitedFor(MisskeySender.Patience), "the request is answered");
        Clock.Advance(time);
        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task<ActionOutcome> SendAsync(string endpoint = "notes/create", string body = """{"text":"hi"}""", string account = "main") =>
        Get<MisskeySender>().SendAsync(account, endpoint, body, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

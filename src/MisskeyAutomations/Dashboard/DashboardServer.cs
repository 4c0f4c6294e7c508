using System.Net.Sockets;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.HttpOverrides;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Api;
using MisskeyAutomations.Dashboard.AccountPages;
using MisskeyAutomations.Dashboard.Doors;
using MisskeyAutomations.Dashboard.Live;
using MisskeyAutomations.Dashboard.RulePages;
using MisskeyAutomations.Dashboard.SignIn;
using MisskeyAutomations.Sockets;

namespace MisskeyAutomations.Dashboard;

/// <summary>
/// The dashboard's own web server, beside that of the webhooks: neither's addresses lead to the other's, and what ails this one does not keep the engine
/// from its work.
/// </summary>
internal sealed partial class DashboardServer(
    DashboardOptions options, SharedParts parts, SignInLinks links, Passphrase passphrase, Sessions sessions, AccountSeal seal, ILoggerFactory loggers, ILogger<DashboardServer> logger)
    : IHostedService, IAsyncDisposable
{
    private const long LargestForm = 1024 * 1024;

    private WebApplication? _app;

    /// <summary>Where it listens, without a trailing slash; null while it does not.</summary>
    public string? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Whoever signed in with the former one is to know this one.
        if (passphrase.IsGivenAnew)
        {
            await sessions.EndAllAsync(cancellationToken);
            await passphrase.RememberGivenAsync(cancellationToken);
        }

        _app = Build();
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception trouble) when (trouble is IOException or SocketException)
        {
            LogNotListening(options.Urls, trouble.GetBaseException().Message);
            return;
        }

        Address = Reachable(_app.Urls.First());
        if (!options.IsSandbox && !passphrase.IsSet)
        {
            LogFirstLink(Address, MakeLink()!);
        }
        else
        {
            LogListening(Address);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Address is null ? Task.CompletedTask : _app!.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>All that it answers to.</summary>
    public IEnumerable<Endpoint> Endpoints => _app!.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>A fresh link that signs in once; null while the dashboard does not listen.</summary>
    public string? MakeLink() => Address is null ? null : Address + links.Make();

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(options.Urls.Split(';'));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestForm;
            kestrel.Limits.MaxConcurrentConnections = OpenFiles.ThatFit().Dashboard;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        var services = builder.Services;
        services.AddSingleton(loggers).AddSingleton<IHostLifetime, NoLifetime>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            // Nobody's word counts unless the settings name them.
            forwarded.ForwardedHeaders = options.Proxies.Count == 0 ? ForwardedHeaders.None : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var proxy in options.Proxies)
            {
                forwarded.KnownIPNetworks.Add(proxy);
            }
        });
        parts.AddTo(services);
        services.AddApi(options.Api);
        services.AddHttpContextAccessor().AddScoped<Visitor>().AddSingleton<HostList>().AddSingleton<RuleShelf>().AddSingleton<RuleEdits>()
            .AddSingleton<AccountLook>().AddSingleton<AccountCheck>().AddSingleton<Connections>();
        services.AddSingleton<Painter>().AddSingleton<Feeds>().AddHostedService(provider => provider.GetRequiredService<Feeds>());
        services.AddRazorComponents();

        // Japanese as it is; as numbers it would be four times as long.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddResponseCompression(compression => compression.EnableForHttps = true);
        services.AddAntiforgery(antiforgery =>
        {
            // Cookies know no ports: two dashboards on one machine must not take each other's.
            antiforgery.Cookie.Name = $"form-{Digest.Of(seal.Directory)[..8]}";
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton(seal.Keys);
        services.AddAuthentication(SessionCookie.SchemeName).AddScheme<AuthenticationSchemeOptions, SessionCookie>(SessionCookie.SchemeName, configureOptions: null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());

        var app = builder.Build();
        app.UsePipeline();
        Routes.Map(app);
        return app;
    }

    // All addresses of the machine are none that a browser could open.
    private static string Reachable(string url) => url.TrimEnd('/')
        .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);

    [LoggerMessage(2400, LogLevel.Information, "The dashboard was opened at {Address}")]
    private partial void LogListening(string address);

    [LoggerMessage(2401, LogLevel.Information, "The dashboard was opened at {Address}. It has no passphrase yet; within an hour this link sets one: {Link}")]
    private partial void LogFirstLink(string address, string link);

    [LoggerMessage(2402, LogLevel.Warning, "The dashboard could not be opened at {Urls}: {Trouble}. The engine runs without it. Name another address with `dashboard: urls`, or write `dashboard: off`")]
    private partial void LogNotListening(string urls, string trouble);

    // The engine begins and ends it.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Sockets;
using Polly;
using Refit;

namespace MisskeyAutomations.Misskey;

/// <summary>What this folder brings: everything that speaks to Misskey.</summary>
internal static class MisskeyServices
{
    private static readonly string Version = typeof(MisskeyServices).Assembly.GetName().Version!.ToString(fieldCount: 3);

    /// <summary>How this program names itself: some proxies refuse nameless clients.</summary>
    public static readonly string UserAgent = $"MisskeyAutomations/{Version}";

    extension(IServiceCollection services)
    {
        /// <summary>Adds the API, the look-ups, and the loops that learn about accounts. Needs an account directory.</summary>
        public IServiceCollection AddMisskey()
        {
            services.TryAddSingleton(TimeProvider.System);
            services.TryAddSingleton<Holds>();
            services.TryAddSingleton<LiveFeed>();
            services.AddSingleton<ServerProbe>();
            services.AddSingleton<RestingEndpoints>();
            services.AddSingleton<ServerClocks>();
            services.TryAddSingleton<FindAddresses>(Dns.GetHostAddressesAsync);
            services.AddSingleton<ServerSockets>();
            services.AddTransient<AccountHandler>();
            services.AddRefitGeneratedClient<IMisskeyApi>()
                .ConfigureHttpClient(client =>
                {
                    client.BaseAddress = AccountHandler.Nowhere;
                    client.DefaultRequestHeaders.UserAgent.ParseAdd(UserAgent);
                    client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
                    client.Timeout = Timeout.InfiniteTimeSpan; // MisskeySender.Patience, on our own clock.
                })
                .ConfigurePrimaryHttpMessageHandler(provider => CreateTransport(provider.GetRequiredService<ServerSockets>()))
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan) // A moved server is found by the lifetime of its connections.
                .RemoveAllLoggers() // They would log headers.
                .AddHttpMessageHandler<AccountHandler>() // Outside the breaker, which is kept by server.
                .AddResilienceHandler("misskey", AddBreaker)
                .SelectPipelineByAuthority();
            services.AddSingleton<MisskeySender>();
            services.AddSingleton<PausedAccounts>();
            services.AddHostedService(provider => provider.GetRequiredService<PausedAccounts>());
            services.AddHostedService<DoubtfulServers>();
            services.AddSingleton<ILookups, MisskeyLookups>();
            services.AddSingleton<MisskeyAccountCheck>();
            services.AddHostedService(provider => provider.GetRequiredService<MisskeyAccountCheck>());
            services.TryAddSingleton<StreamLiveness>();
            services.AddSingleton<StreamOpener>();
            services.AddSingleton<SoftwareProbe>();
            services.AddSingleton<MutedPeopleSync>();
            services.AddHostedService(provider => provider.GetRequiredService<MutedPeopleSync>());
            return services;
        }
    }

    /// <summary>
    /// Nothing is followed, repeated or negotiated behind our back. Idle connections are given up before the 60 to 75 s after
    /// which servers close them: a request on a closing connection is one of unknown effect.
    /// </summary>
    public static SocketsHttpHandler CreateTransport(ServerSockets sockets) => new()
    {
        ConnectCallback = sockets.ConnectAsync,
        SslOptions = { RemoteCertificateValidationCallback = UntrustedCertificateException.Check },
        ConnectTimeout = TimeSpan.FromSeconds(5), // With the look-up of the name.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
    };

    /// <summary>
    /// Opens when most of five or more calls within 30 s failed in a way that says the server is down. Blind to 429 (one busy
    /// account would stop all) and to 500 (Misskey is there and stumbled over one request). Nothing is retried here: the run's
    /// row does that.
    /// </summary>
    private static void AddBreaker(ResiliencePipelineBuilder<HttpResponseMessage> pipeline, ResilienceHandlerContext context)
    {
        var probe = context.ServiceProvider.GetRequiredService<ServerProbe>();
        pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
        pipeline.AddCircuitBreaker(new HttpCircuitBreakerStrategyOptions
        {
            SamplingDuration = TimeSpan.FromSeconds(30),
            MinimumThroughput = 5,
            FailureRatio = 0.5,
            BreakDuration = TimeSpan.FromSeconds(30),
            ShouldHandle = arguments => ValueTask.FromResult(
                arguments.Outcome.Exception is HttpRequestException or OperationCanceledException
                || arguments.Outcome.Result is { StatusCode: > HttpStatusCode.InternalServerError }),
            OnOpened = arguments => Tell(arguments.Context, probe.Doubt),
            OnClosed = arguments => Tell(arguments.Context, probe.Trust),
        });
    }

    private static ValueTask Tell(ResilienceContext context, Action<Uri> tell)
    {
        if (context.GetRequestMessage()?.RequestUri is { } address)
        {
            tell(address);
        }

        return ValueTask.CompletedTask;
    }
}

using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Api;
using MisskeyAutomations.Sandbox.Api.Endpoints;
using MisskeyAutomations.Sandbox.Consent;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Sandbox.Streaming;
using MisskeyAutomations.Sandbox.Webhooks;

namespace MisskeyAutomations.Sandbox;

/// <summary>
/// A stand-in Misskey on loopback: the API that automations use, with its errors and limits, and webhooks with its
/// payloads and retries. Everything lives in memory and is gone when the server stops.
/// </summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly Func<int, WebApplication> _build;
    private readonly ApiPipeline _calls;
    private readonly DeliveryQueue _deliveries;
    private readonly FaultPlan _faults;
    private readonly StreamHub _streams;
    private readonly PollClock _polls;
    private WebApplication? _app;
    private bool _disposed;

    private SandboxServer(
        WebApplication app, Func<int, WebApplication> build, ApiPipeline calls, DeliveryQueue deliveries, FaultPlan faults, SandboxWorld world, Uri url, StreamHub streams, PollClock polls)
    {
        _streams = streams;
        _polls = polls;
        (_app, _build) = (app, build);
        _calls = calls;
        _deliveries = deliveries;
        _faults = faults;
        World = world;
        Url = url;
    }

    /// <summary>Where the server listens, such as <c>http://127.0.0.1:41234/</c>.</summary>
    public Uri Url { get; }

    public SandboxWorld World { get; }

    public static async Task<SandboxServer> StartAsync(SandboxOptions options, CancellationToken cancellationToken)
    {
        var state = new WorldState(options.TimeProvider, options.Seed);
        var deliveries = new DeliveryQueue(state, options);
        var streams = new StreamHub(state, options.TimeProvider);
        state.Notified += streams.TellNotification;
        var polls = new PollClock(state, options.TimeProvider);
        var outbox = new WebhookOutbox(state, deliveries, streams);
        var following = new Following(state, outbox);
        var posting = new Posting(state, outbox, streams, polls, options.Flavour);
        var reacting = new Reacting(state);
        var journal = new CallJournal(options.JournalCapacity);
        var pause = new PauseSwitch();
        var faults = new FaultPlan();
        var consent = new MiAuth(state);
        var catalogue = new ApiCatalogue(
        [
            .. new ServerEndpoints(state).All,
            .. new DriveEndpoints(state).All,
            .. new AccountEndpoints(state).All,
            .. new UserEndpoints(state).All,
            .. new NoteCreation(posting, new RepeatedNotes(state), options.Flavour).All,
            .. new NoteEndpoints(state, posting).All,
            .. new ReactionEndpoints(state, reacting).All,
            .. new RelationEndpoints(state, following).All,
            .. new CollectionEndpoints(state).All,
            .. new PlaceEndpoints(state).All,
            .. new WebhookEndpoints(state, outbox, options.WebhookLimit).All,
            .. new TokenEndpoints(consent).All,
        ]);
        var calls = new ApiPipeline(state, catalogue, faults, journal, pause, options);
        WebApplication Build(int port) => BuildApp(port, calls, consent, new StreamEndpoint(state, streams), state);
        var app = Build(options.Port);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            await deliveries.DisposeAsync();
            streams.Dispose();
            polls.Dispose();
            throw;
        }
        var address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        state.Origin = address.TrimEnd('/');
        var world = new SandboxWorld(state, following, posting, reacting, deliveries, journal, pause, streams);
        return new SandboxServer(app, Build, calls, deliveries, faults, world, new Uri(address), streams, polls);
    }

    /// <summary>
    /// Ends as the process of a server does: connections are cut, and nobody listens on its port any more. What is in the database stays, and so
    /// do webhooks that are due. The world goes on; nobody hears of it until <see cref="ComeBackAsync"/>.
    /// </summary>
    public async Task GoDownAsync()
    {
        _deliveries.Pause.IsOn = true;
        _streams.CutOff();
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>Starts again, at the same address.</summary>
    public async Task ComeBackAsync(CancellationToken cancellationToken)
    {
        var app = _build(Url.Port);
        await app.StartAsync(cancellationToken);
        _app = app;
        _deliveries.Pause.IsOn = false;
    }

    /// <summary>Lets the next <paramref name="times"/> calls of matching endpoints go wrong.</summary>
    /// <param name="endpoints">An endpoint's name or a pattern such as <c>notes/*</c> or <c>*</c>.</param>
    public void Inject(string endpoints, Fault fault, int times = 1) => _faults.Add(endpoints, fault, times);

    /// <summary>Lets calls of matching endpoints go wrong at random until <see cref="ClearFaults"/>.</summary>
    /// <param name="probability">0 to 1.</param>
    /// <param name="seed">The same seed spares and hits the same calls, counted in order of arrival.</param>
    public void InjectAtRandom(string endpoints, Fault fault, double probability, int seed) => _faults.Add(endpoints, fault, probability, seed);

    /// <summary>How many calls the faults injected for a number of times are yet to hit.</summary>
    public int FaultsLeft => _faults.Left;

    /// <summary>How many calls were cut off by a fault that executes them later, and are yet to be executed.</summary>
    public int CallsParked => _calls.Parked;

    public void ClearFaults() => _faults.Clear();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }
        World.Paused = false;
        _streams.Dispose();
        _polls.Dispose();
        await GoDownAsync(); // no more calls, hence no more deliveries
        await _deliveries.DisposeAsync();
    }

    private static WebApplication BuildApp(int port, ApiPipeline pipeline, MiAuth consent, StreamEndpoint streaming, WorldState state)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero); // a black hole would hold it up
        builder.WebHost.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 32 * 1024 * 1024; // Misskey's own limits are checked by the pipeline
            kestrel.Listen(System.Net.IPAddress.Loopback, port);
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(context => MiAuth.Takes(context.Request.Path) ? consent.HandleAsync(context)
            : context.Request.Path.Value == StreamEndpoint.Path ? streaming.HandleAsync(context)
            : HttpMethods.IsGet(context.Request.Method) && NodeJson.At(context.Request.Path, state.Origin) is { } node
                ? ApiAnswer.SendAsync(context.Response, Encoding.UTF8.GetBytes(node))
            : pipeline.HandleAsync(context));
        return app;
    }
}

using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using MisskeyAutomations.Api;
using MisskeyAutomations.Control;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health.Alerts;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary>
/// How commands reach the running engine: HTTP over a Unix socket in the data directory, open to nobody but the directory's owner.
/// </summary>
internal static class ControlSocket
{
    // Longer ones do not fit into the system's socket address.
    private const int LongestPath = 100;

    /// <summary>The socket's path in a data directory.</summary>
    /// <exception cref="CommandFailure">The path is too long for the operating system.</exception>
    public static string PathIn(string data)
    {
        var path = Path.Combine(Path.GetFullPath(data), "control.sock");
        return System.Text.Encoding.UTF8.GetByteCount(path) <= LongestPath ? path
            : throw new CommandFailure(ExitCodes.Configuration, $"The path of the data directory is too long for a socket in it: '{path}'. Name a shorter one with --data.");
    }

    /// <summary>Closes the socket to other users.</summary>
    public static void Protect(string data)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(PathIn(data), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    /// <summary>The engine's side.</summary>
    public static void MapControl(this WebApplication app)
    {
        var control = app.MapGroup("/control").AddEndpointFilter(async (context, next) =>
            CameThroughSocket(context.HttpContext) ? await next(context) : Results.NotFound());
        control.MapPost("/panic/on", async (PanicSwitch panic, CancellationToken cancellationToken) => Results.Text((await panic.StopAsync(cancellationToken)).ToString()));
        control.MapPost("/panic/off", async (PanicSwitch panic, CancellationToken cancellationToken) => await panic.LetGoAsync(cancellationToken));
        control.MapPost("/dashboard/link", (IServiceProvider engine) => Results.Text(engine.GetService<DashboardServer>()?.MakeLink() ?? ""));
        control.MapPost("/uncertain/{run:long}/{settlement}", TakeWordAsync);
        control.MapPost("/quarantine/event/{delivery:long}/retry", async (long delivery, EventOrders orders, CancellationToken cancellationToken) =>
            Results.Text((await orders.RetryAsync(delivery, cancellationToken)).ToString()));
        control.MapPost("/quarantine/event/{delivery:long}/drop", async (long delivery, EventOrders orders, CancellationToken cancellationToken) =>
            Results.Text((await orders.DropAsync(delivery, cancellationToken)).ToString()));
        control.MapPost("/quarantine/run/{run:long}/retry", async (long run, RunOrders orders, CancellationToken cancellationToken) =>
            Results.Text((await orders.RetrySetAsideAsync(run, cancellationToken)).ToString()));
        control.MapPost("/quarantine/run/{run:long}/drop", async (long run, RunOrders orders, CancellationToken cancellationToken) =>
            Results.Text((await orders.DropAsync(run, cancellationToken)).ToString()));
        control.MapPost("/alerts/test", SendTestAsync);
        control.MapGet("/streams", StreamCheckup.Answer);
        control.MapPost("/accounts", AccountOrders.AnswerAsync);
        control.MapPost("/api-keys/{name}/add", async (string name, bool isReadOnly, ApiKeys keys, CancellationToken cancellationToken) =>
            Results.Text(await keys.MakeAsync(name, isReadOnly, cancellationToken) ?? ""));
        control.MapPost("/api-keys/{name}/remove", async (string name, ApiKeys keys, CancellationToken cancellationToken) =>
            Results.Text((await keys.RemoveAsync(name, cancellationToken)).ToString()));
    }

    /// <summary>Asks the engine that runs on this data directory.</summary>
    /// <exception cref="CommandFailure">No engine runs there, or it refused.</exception>
    public static async Task AskAsync(string data, string request, CancellationToken cancellationToken) =>
        await PostAsync(data, $"control/{request}", cancellationToken);

    /// <summary>Asks it to stop everything. Whether it will remember that.</summary>
    /// <exception cref="CommandFailure">No engine runs there, or it refused.</exception>
    public static async Task<bool> StopAllAsync(string data, CancellationToken cancellationToken) => bool.Parse(await PostAsync(data, "control/panic/on", cancellationToken));

    /// <summary>Asks it to settle an uncertain step.</summary>
    /// <exception cref="CommandFailure">No engine runs there, or it refused.</exception>
    public static async Task<SettlementAnswer> SettleAsync(string data, long run, string? step, string settlement, CancellationToken cancellationToken) =>
        Enum.Parse<SettlementAnswer>(await PostAsync(
            data, string.Create(CultureInfo.InvariantCulture, $"control/uncertain/{run}/{settlement}?step={Uri.EscapeDataString(step ?? "")}"), cancellationToken));

    /// <summary>Asks it to try again what was set aside, or to give it up. False when nothing such is.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="order"><c>retry</c> or <c>drop</c>.</param>
    /// <param name="kind"><c>event</c> or <c>run</c>.</param>
    /// <param name="number">Its number in the store.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandFailure">No engine runs there, or it refused.</exception>
    public static async Task<bool> SettleSetAsideAsync(string data, string order, string kind, long number, CancellationToken cancellationToken) => bool.Parse(
        await PostAsync(data, string.Create(CultureInfo.InvariantCulture, $"control/quarantine/{kind}/{number}/{order}"), cancellationToken));

    /// <summary>Asks it to send an alert to each target. The targets with why it did not arrive; empty for those where it did.</summary>
    /// <exception cref="CommandFailure">No engine runs there, or it refused.</exception>
    public static async Task<IReadOnlyList<(string Target, string Trouble)>> TestAlertsAsync(string data, CancellationToken cancellationToken) =>
    [
        .. (await PostAsync(data, "control/alerts/test", cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t', 2)).Select(parts => (parts[0], parts[1])),
    ];

    /// <summary>Asks it for a fresh link into its dashboard; empty when it has none.</summary>
    /// <exception cref="CommandFailure">No engine runs there, or it refused.</exception>
    public static Task<string> MakeLinkAsync(string data, CancellationToken cancellationToken) => PostAsync(data, "control/dashboard/link", cancellationToken);

    /// <summary>Asks it to make a key of the API. Empty when there is one of this name; null when no engine runs there.</summary>
    /// <exception cref="CommandFailure">It refused.</exception>
    public static Task<string?> MakeKeyAsync(string data, string name, bool isReadOnly, CancellationToken cancellationToken) =>
        TryPostAsync(data, $"control/api-keys/{Uri.EscapeDataString(name)}/add?isReadOnly={(isReadOnly ? "true" : "false")}", cancellationToken);

    /// <summary>Asks it to forget a key of the API. False when there is none of this name; null when no engine runs there.</summary>
    /// <exception cref="CommandFailure">It refused.</exception>
    public static async Task<bool?> RemoveKeyAsync(string data, string name, CancellationToken cancellationToken) =>
        await TryPostAsync(data, $"control/api-keys/{Uri.EscapeDataString(name)}/remove", cancellationToken) is { } answer ? bool.Parse(answer) : null;

    /// <summary>Speaks to the engine on this data directory; a call fails without a status when none is there.</summary>
    public static HttpClient Client(string data)
    {
        var path = PathIn(data);
        return new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), token);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri("http://engine/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    private static async Task<string> PostAsync(string data, string address, CancellationToken cancellationToken) => await TryPostAsync(data, address, cancellationToken)
        ?? throw new CommandFailure(ExitCodes.Temporary, $"No engine answers on the data directory '{data}'. Start it, or name its directory with --data.");

    private static async Task<string?> TryPostAsync(string data, string address, CancellationToken cancellationToken)
    {
        using var client = Client(data);
        try
        {
            using var answer = await client.PostAsync(new Uri(address, UriKind.Relative), new StringContent(""), cancellationToken);
            answer.EnsureSuccessStatusCode();
            return await answer.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (HttpRequestException trouble) when (trouble.StatusCode is null)
        {
            return null;
        }
        catch (HttpRequestException trouble)
        {
            throw new CommandFailure(ExitCodes.Internal, $"The engine could not do it ({(int)trouble.StatusCode!}); its log says why.", trouble);
        }
    }

    private static async Task<IResult> TakeWordAsync(long run, string settlement, string? step, RunOrders orders, CancellationToken cancellationToken) =>
        Enum.TryParse<Settlement>(settlement, ignoreCase: true, out var word)
            ? Results.Text((await orders.SettleAsync(run, string.IsNullOrEmpty(step) ? null : step, word, cancellationToken)).ToString()) : Results.BadRequest();

    private static async Task<IResult> SendTestAsync(AlertPump alerts, AlertOptions options, CancellationToken cancellationToken) => Results.Text(string.Join('\n',
        (await alerts.TestAsync(cancellationToken)).Select(answer => $"{answer.Target}\t{answer.Trouble?.In(options.Language).ReplaceLineEndings(" ")}")));

    private static bool CameThroughSocket(HttpContext context) =>
        context.Features.Get<IConnectionSocketFeature>()?.Socket.LocalEndPoint is UnixDomainSocketEndPoint;
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Dashboard.AccountPages;

/// <summary>
/// What is being connected from the pages. It goes on whether or not a page waits for it, so that the page can be loaded again, and ends with the engine.
/// </summary>
internal sealed partial class Connections(Connector connector, IHostApplicationLifetime lifetime, ILogger<Connections> logger)
{
    private const int MostAtWork = 5;
    private const int MostKept = 20;

    private readonly ConcurrentDictionary<string, Connection> _all = new(StringComparer.Ordinal);
    private long _last;

    /// <summary>Those that are not done yet.</summary>
    public IReadOnlyList<Connection> AtWork => [.. _all.Values.Where(connection => !connection.IsDone).OrderBy(connection => connection.Number)];

    /// <summary>The one of this key; null when there is none, or none any more.</summary>
    public Connection? Find(string key) => _all.GetValueOrDefault(key);

    /// <summary>Begins to connect. Null when too much is being connected already.</summary>
    public Connection? Begin(ConnectRequest request)
    {
        if (AtWork.Count >= MostAtWork)
        {
            return null;
        }

        foreach (var old in _all.Values.Where(connection => connection.IsDone).OrderByDescending(connection => connection.Number).Skip(MostKept))
        {
            _all.TryRemove(old.Key, out _);
        }

        var connection = new Connection(Interlocked.Increment(ref _last), request, lifetime.ApplicationStopping);
        _all[connection.Key] = connection;
        _ = WorkAsync(connection);
        return connection;
    }

    private async Task WorkAsync(Connection connection)
    {
        try
        {
            var (account, trouble) = await connector.ConnectAsync(connection.Request, connection.TakeAsync, connection.Ending);
            connection.Conclude(Connector.Conclude(account, trouble), account.Name, isGood: trouble is null);
        }
        catch (ConnectingException refused)
        {
            connection.Conclude(refused.OnPage);
        }
        catch (OperationCanceledException)
        {
            connection.Conclude("It was ended before it was done; nothing was kept.");
        }
        catch (Exception fault)
        {
            // Nobody else waits for this work.
            LogFault(fault, connection.Request.Server.Authority);
            connection.Conclude(fault is StoreUnavailableException or IOException or UnauthorizedAccessException
                ? Phrase.Of($"The account could not be stored: {fault.Message} Connect it again once that is mended.")
                : "Something went wrong; the engine's log says what. Connect it again.");
        }
    }

    [LoggerMessage(2520, LogLevel.Error, "An account on {Server} could not be connected from the dashboard")]
    private partial void LogFault(Exception fault, string server);
}

/// <summary>An account that is being connected. Safe for concurrent use.</summary>
internal sealed class Connection
{
    private readonly Lock _changing = new();
    private readonly CancellationTokenSource _ending;
    private IReadOnlyList<Progress> _steps = [];

    public Connection(long number, ConnectRequest request, CancellationToken engineEnds)
    {
        (Number, Request) = (number, request);
        _ending = CancellationTokenSource.CreateLinkedTokenSource(engineEnds);
        Ending = _ending.Token;
    }

    /// <summary>What stands for it in addresses.</summary>
    public string Key { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12));

    /// <summary>Later ones have a higher number.</summary>
    public long Number { get; }

    public ConnectRequest Request { get; }

    /// <summary>Ends it.</summary>
    public CancellationToken Ending { get; }

    /// <summary>What was told so far.</summary>
    public IReadOnlyList<Progress> Steps => _steps;

    /// <summary>Where the person is to agree; null while nobody has to, and once it is done.</summary>
    public Uri? Link => IsDone || IsAllowed ? null : _steps.LastOrDefault(step => step.Link is not null)?.Link;

    /// <summary>How it ended; null while it has not.</summary>
    public Phrase? End { get; private set; }

    /// <summary>The account's name; null while it is not connected.</summary>
    public string? Account { get; private set; }

    /// <summary>Whether it ended as it should.</summary>
    public bool IsGood { get; private set; }

    public bool IsDone => End is not null;

    // What comes after the link, and is no word of patience, was done with the token.
    private bool IsAllowed => _steps.SkipWhile(step => step.Link is null).Skip(1).Any(step => step.OnPage is null);

    public Task TakeAsync(Progress progress)
    {
        lock (_changing)
        {
            _steps = [.. _steps, progress];
        }

        return Task.CompletedTask;
    }

    public void Conclude(Phrase end, string? account = null, bool isGood = false) => (Account, IsGood, End) = (account, isGood, end);

    /// <summary>Ends it, wherever it is.</summary>
    public void Stop() => _ending.Cancel();
}

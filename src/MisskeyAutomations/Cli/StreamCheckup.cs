using System.Globalization;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sources;

namespace MisskeyAutomations.Cli;

/// <summary>Asks the running engine whether it hears the streams of its accounts: nobody else knows.</summary>
internal sealed class StreamCheckup
{
    private readonly Dictionary<string, (DateTimeOffset Since, string Trouble)>? _standings;

    private StreamCheckup(Dictionary<string, (DateTimeOffset Since, string Trouble)>? standings) => _standings = standings;

    /// <summary>The engine's side: a line for each account, with since when and, where it does not hear, why.</summary>
    public static IResult Answer(StreamStates streams) => Results.Text(string.Join('\n', streams.All.Select(stream =>
        string.Create(CultureInfo.InvariantCulture, $"{stream.Key}\t{stream.Value.Since:O}\t{stream.Value.Trouble?.ReplaceLineEndings(" ")}"))));

    /// <summary>Asks the engine on a data directory.</summary>
    public static async Task<StreamCheckup> AskAsync(string data, CancellationToken cancellationToken)
    {
        using var client = ControlSocket.Client(data);
        try
        {
            var lines = await client.GetStringAsync(new Uri("control/streams", UriKind.Relative), cancellationToken);
            return new(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t', 3)).ToDictionary(
                parts => parts[0], parts => (DateTimeOffset.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]), StringComparer.Ordinal));
        }
        catch (HttpRequestException)
        {
            return new(null);
        }
    }

    /// <summary>How the stream of an account stands.</summary>
    public Finding LookAt(Account account)
    {
        if (_standings is null)
        {
            return Finding.Doubtful("stream", $"Its events are streamed to a running engine, and none runs. Start it: `run`.");
        }

        if (!_standings.TryGetValue(account.Name, out var standing))
        {
            return Finding.Bad("stream", $"The running engine does not listen to its stream. Ask again in a minute; if it stays so, its log says why.");
        }

        var since = standing.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        return standing.Trouble.Length > 0
            ? Finding.Bad("stream", $"It has not heard its stream since {since}: {Reasons.Told(standing.Trouble)} The engine connects again by itself, and catches up then.")
            : account.Source is AccountSource.Streaming ? Finding.Good("stream", $"It has heard its stream since {since}; it needs no webhook.")
            : Finding.Good("stream", $"It has heard its stream since {since}.");
    }
}

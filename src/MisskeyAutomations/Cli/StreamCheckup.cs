using System.Globalization;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Sources;

namespace MisskeyAutomations.Cli;

/// <summary>Asks the running engine whether it hears the streams of its accounts: nobody else knows.</summary>
internal sealed class StreamCheckup
{
    private readonly Dictionary<string, StreamStanding>? _standings;

    private StreamCheckup(Dictionary<string, StreamStanding>? standings) => _standings = standings;

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
                parts => parts[0], parts => new StreamStanding(DateTimeOffset.Parse(parts[1], CultureInfo.InvariantCulture), parts[2].Length > 0 ? parts[2] : null), StringComparer.Ordinal));
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

        return StreamFinding.Of(account, _standings.GetValueOrDefault(account.Name));
    }
}

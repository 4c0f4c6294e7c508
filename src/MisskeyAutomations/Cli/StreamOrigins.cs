using System.Security.Cryptography;
using System.Text;
using MisskeyAutomations.Sources;

namespace MisskeyAutomations.Cli;

/// <summary>The name under which this engine tells what it was streamed: where others share its store, one of its own.</summary>
internal static class StreamOrigins
{
    private const int Digits = 8;

    public static StreamOrigin Of(EngineSettings settings)
    {
        if (settings.Store is null)
        {
            return new("stream");
        }

        // No two engines on a machine share a data directory.
        var place = SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}|{Path.GetFullPath(settings.Data)}"));
        return new($"stream-{Convert.ToHexStringLower(place)[..Digits]}");
    }
}

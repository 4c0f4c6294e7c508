using System.Text.Json;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Mfm;

/// <summary>What Misskey takes from a text.</summary>
internal sealed record MfmReading(string[] Mention, string[] Hashtag, string[] Fn, string[] Link, string[] Url, string[] Other);

/// <summary>
/// Misskey's own reader of MFM: the npm package mfm-js in the version of package-lock.json, installed beside this file at first use.
/// </summary>
internal static class MfmJudge
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web);

    private static string Folder => Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", "Mfm");

    /// <summary>Reads all texts.</summary>
    public static async Task<IReadOnlyList<MfmReading>> ReadAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        await NodePackages.InstallAsync(Folder, "mfm-js", cancellationToken);
        var lines = await NodePackages.RunAsync(Folder, "node", ["judge.mjs"], string.Concat(texts.Select(text => $"{JsonSerializer.Serialize(text)}\n")), cancellationToken);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<MfmReading>(line, Wire)!)];
    }
}

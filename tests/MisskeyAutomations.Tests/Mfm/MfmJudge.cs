using System.Diagnostics;
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
        if (!File.Exists(Path.Combine(Folder, "node_modules", "mfm-js", "package.json")))
        {
            await RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], "", cancellationToken);
        }

        var lines = await RunAsync("node", ["judge.mjs"], string.Concat(texts.Select(text => $"{JsonSerializer.Serialize(text)}\n")), cancellationToken);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<MfmReading>(line, Wire)!)];
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        const string Need = "This test needs Node.js with npm, and at its first run the network, to install Misskey's reader of MFM (mfm-js); ./test installs Node.js.";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Folder,
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            Assert.True(process.ExitCode == 0, $"{Need}\n{program} {string.Join(' ', arguments)} failed:\n{await errors}");
            return await output;
        }
        catch (System.ComponentModel.Win32Exception trouble)
        {
            Assert.Fail($"{Need}\n{trouble.Message}");
            throw;
        }
    }
}

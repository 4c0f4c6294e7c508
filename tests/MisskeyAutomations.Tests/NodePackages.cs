using System.Diagnostics;

namespace MisskeyAutomations.Tests;

/// <summary>Packages of npm that judge what we make, in the versions of the package-lock.json beside the tests that use them.</summary>
internal static class NodePackages
{
    // One installation at a time: two in one folder would undo each other.
    private static readonly SemaphoreSlim Installing = new(1);

    /// <summary>Installs what a folder's package-lock.json names, where it is not there yet.</summary>
    public static async Task InstallAsync(string folder, string package, CancellationToken cancellationToken)
    {
        await Installing.WaitAsync(cancellationToken);
        try
        {
            if (!File.Exists(Path.Combine(folder, "node_modules", package, "package.json")))
            {
                await RunAsync(folder, "npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], "", cancellationToken);
            }
        }
        finally
        {
            Installing.Release();
        }
    }

    /// <summary>Runs a program of Node.js in a folder. What it wrote.</summary>
    public static async Task<string> RunAsync(string folder, string program, string[] arguments, string input, CancellationToken cancellationToken)
    {
        const string Need = "This test needs Node.js with npm, and at its first run the network, to install packages of npm; ./test installs Node.js.";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = folder,
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

using System.Diagnostics;
using System.Globalization;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>A small disk in memory, mounted for one test. It takes the rights of root.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _path;

    private SmallDisk(string path) => _path = path;

    private string Filler => Path.Combine(_path, "filler");

    /// <summary>Mounts one. Skips the test where the machine does not let it.</summary>
    public static async Task<SmallDisk> MountAsync(string path, int mebibytes)
    {
        Directory.CreateDirectory(path);
        if (await RunAsync("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m,mode=700"), "tmpfs", path) is { } why)
        {
            throw Xunit.Sdk.SkipException.ForSkip($"no disk can be mounted here: start the tests as root ({why})");
        }

        return new(path);
    }

    /// <summary>Leaves no byte free.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 1024 * 1024; size >= 4096; size /= 4)
        {
            try
            {
                while (true)
                {
                    filler.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Smaller pieces may still fit.
            }
        }
    }

    /// <summary>Frees what <see cref="Fill"/> took.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>Takes no writes any more.</summary>
    public async Task ProtectAsync() => Assert.Null(await RunAsync("mount", "-o", "remount,ro", _path));

    public async ValueTask DisposeAsync() => Assert.Null(await RunAsync("umount", "--lazy", _path));

    private static async Task<string?> RunAsync(string program, params IEnumerable<string> arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
            var told = await process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode == 0 ? null : told.Trim();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}

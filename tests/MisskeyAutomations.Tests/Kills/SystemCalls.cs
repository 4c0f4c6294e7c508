using System.Diagnostics;
using System.Globalization;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>What a process asks of the kernel, as <c>strace</c> sees it.</summary>
internal sealed class SystemCalls : IAsyncDisposable
{
    private readonly Process _strace;
    private readonly string _file;

    private SystemCalls(Process strace, string file) => (_strace, _file) = (strace, file);

    /// <summary>Begins to watch all threads of a process. Skips the test where the machine does not let it.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="file">Where to keep what is seen.</param>
    /// <param name="calls">The names of the calls, with commas.</param>
    /// <param name="inHex">Whether each byte that is written is to be shown as <c>\x00</c>.</param>
    public static Task<SystemCalls> TraceAsync(int processId, string file, string calls, bool inHex = false) =>
        AttachAsync(processId, file, [.. inHex ? (string[])["-xx"] : [], "-y", "-s", "10000", "-e", $"trace={calls}"]);

    /// <summary>Lets calls fail that touch certain files, as a disk does that is full, broken or read-only. Skips the test where the machine does not let it.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="file">Where to keep what is seen.</param>
    /// <param name="paths">The files.</param>
    /// <param name="faults">What fails, such as <c>pwrite64:error=EIO:when=3</c>: the third call of each thread.</param>
    public static Task<SystemCalls> BreakAsync(int processId, string file, IEnumerable<string> paths, params IReadOnlyList<string> faults) => AttachAsync(
        processId,
        file,
        [
            "-e", $"trace={string.Join(',', faults.Select(fault => fault[..fault.IndexOf(':', StringComparison.Ordinal)]))}",
            .. faults.SelectMany(fault => (string[])["-e", $"inject={fault}"]), .. paths.SelectMany(path => (string[])["-P", path]),
        ]);

    /// <summary>Whether a call has failed by now.</summary>
    public bool HasBroken()
    {
        using var seen = new StreamReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return seen.ReadToEnd().Contains("(INJECTED)", StringComparison.Ordinal);
    }

    private static async Task<SystemCalls> AttachAsync(int processId, string file, IEnumerable<string> what)
    {
        var start = new ProcessStartInfo("strace", ["-f", .. what, "-e", "signal=none", "-o", file, "-p", processId.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        Process strace;
        try
        {
            strace = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw SkipException("strace is not installed");
        }

        var told = await strace.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        if (!told.Contains("attached", StringComparison.Ordinal))
        {
            strace.Dispose();
            throw SkipException($"strace cannot watch here: {told}");
        }

        _ = strace.StandardError.ReadToEndAsync(CancellationToken.None);
        return new SystemCalls(strace, file);
    }

    /// <summary>Stops watching.</summary>
    /// <returns>The calls without the thread's number, in the order in which each was over.</returns>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await MendAsync();
        var (over, begun) = (new List<string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var line in await File.ReadAllLinesAsync(_file, TestContext.Current.CancellationToken))
        {
            var thread = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            var call = line[thread.Length..].TrimStart();
            if (call.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                begun[thread] = call;
            }
            else
            {
                over.Add(call.StartsWith("<...", StringComparison.Ordinal) && begun.Remove(thread, out var beginning) ? beginning : call);
            }
        }

        return over;
    }

    /// <summary>Stops watching, and lets no call fail any more.</summary>
    public async Task MendAsync()
    {
        using (var interrupt = Process.Start("kill", ["-INT", _strace.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        await _strace.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_strace.HasExited)
        {
            _strace.Kill();
            await _strace.WaitForExitAsync(CancellationToken.None);
        }

        _strace.Dispose();
    }

    private static Xunit.Sdk.SkipException SkipException(string why) => Xunit.Sdk.SkipException.ForSkip(why);
}

using System.Diagnostics;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>The program as its user starts it: a process of its own, with nothing of this one's environment that would set it up.</summary>
internal sealed class ProgramRun : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "MisskeyAutomations.dll");
    private static readonly string KillPointsProgram = Path.Combine(AppContext.BaseDirectory, "kill-points", "MisskeyAutomations.dll");

    private readonly Process _process;
    private readonly System.Text.StringBuilder _output = new();
    private readonly System.Text.StringBuilder _error = new();

    private ProgramRun(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
    }

    public string Output => Text(_output);

    public string Error => Text(_error);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public static ProgramRun Start(string folder, IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments) =>
        Start(Program, folder, environment, arguments);

    /// <summary>The build that dies where <c>MKA_KILL_AT</c> says.</summary>
    public static ProgramRun StartKillPoints(string folder, IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments) =>
        Start(KillPointsProgram, folder, environment, arguments);

    /// <summary>A process that may have no more than so many files open.</summary>
    public static ProgramRun StartWithFiles(int files, string folder, IReadOnlyDictionary<string, string>? environment, IEnumerable<string> arguments) =>
        Start(Program, folder, environment, arguments, ["prlimit", $"--nofile={files}"]);

    private static ProgramRun Start(
        string program, string folder, IReadOnlyDictionary<string, string>? environment, IEnumerable<string> arguments, params IReadOnlyList<string> under)
    {
        string[] command = [.. under, "dotnet", program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MISSKEY", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        // Whoever runs the tests may read their findings in another language.
        start.Environment["LC_ALL"] = "C";

        // Many run at once, and the dashboard's port is one.
        start.Environment["MISSKEYAUTOMATIONS__DASHBOARD"] = "off";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var run = new ProgramRun(new Process { StartInfo = start });
        run._process.Start();
        run._process.BeginOutputReadLine();
        run._process.BeginErrorReadLine();
        return run;
    }

    /// <summary>What sets up one account, whose webhooks bear the secret of <see cref="House"/>.</summary>
    public static Dictionary<string, string> EnvironmentOf(Uri server, string token) => new()
    {
        ["MISSKEY_SERVER"] = server.ToString(),
        ["MISSKEY_TOKEN"] = token,
        ["MISSKEY_HOOK_SECRET"] = House.Secret,
        ["MISSKEYAUTOMATIONS__WEBHOOKS__PER_SECOND"] = "100000",
    };

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> ToEndAsync(
        string folder, IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        await using var run = Start(folder, environment, arguments);
        var exitCode = await run.ExitCodeAsync();
        return (exitCode, run.Output, run.Error);
    }

    /// <summary>Waits until it takes webhooks; fails when it ends instead.</summary>
    public async Task StartedAsync()
    {
        await Eventually.HoldsAsync(() => HasExited || Output.Contains("In force", StringComparison.Ordinal), "it has started");
        Assert.False(HasExited, Error);
    }

    /// <summary>Gives it all of its standard input.</summary>
    public async Task InputAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        _process.StandardInput.Close();
    }

    /// <summary>Waits for its end. A time is given where ending within it is promised.</summary>
    public async Task<int> ExitCodeAsync(TimeSpan? within = null)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(within ?? Eventually.Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not end within {within ?? Eventually.Patience}. It said:\n{Output}\n{Error}");
        }

        return _process.ExitCode;
    }

    /// <summary>The most memory that it ever held, in bytes.</summary>
    public long PeakMemory()
    {
        _process.Refresh();
        return _process.PeakWorkingSet64;
    }

    /// <summary>SIGKILL: it ends wherever it stands.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGTERM, as <c>docker stop</c> and systemd send it.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static void Keep(System.Text.StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Text(System.Text.StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}

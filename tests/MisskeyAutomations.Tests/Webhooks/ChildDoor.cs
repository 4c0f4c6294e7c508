using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MisskeyAutomations.Tests.Webhooks;

/// <summary>
/// The door in a process of its own, to be killed: this test program started anew, which opens the door instead of running tests when it
/// finds a directory in its environment.
/// </summary>
internal sealed class ChildDoor : IDisposable
{
    private const string Variable = "MISSKEYAUTOMATIONS_TESTS_DOOR";

    private readonly Process _process;

    private ChildDoor(Process process, int port)
    {
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    /// <summary>The memory that the process holds, in bytes.</summary>
    public long ResidentMemory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static async Task<ChildDoor> StartAsync(string dataDirectory)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildDoor).Assembly.Location);
        }

        start.Environment[Variable] = dataDirectory;
        var process = Process.Start(start)!;
        var port = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The door did not open.");
        return new(process, int.Parse(port, CultureInfo.InvariantCulture));
    }

    /// <summary>Ends the process as a loss of power does: without a word.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    // Everything of this assembly must run on this one thread: others wait for the initializer to end, which it never does.
    [ModuleInitializer]
    internal static void OpenInsteadOfTesting()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } dataDirectory)
        {
            return;
        }

        var app = Door.Build(dataDirectory);
        app.Start();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine(new Uri(address).Port);
        Console.ReadLine();
        Environment.Exit(0);
    }
}

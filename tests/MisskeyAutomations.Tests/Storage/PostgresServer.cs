using System.Diagnostics;
using MisskeyAutomations.Tests.EndToEnd;
using Npgsql;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>A PostgreSQL server of its own directory and port, stopped and removed when it is disposed of.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly int _port = FreePort.Find();
    private readonly string _directory = Directory.CreateTempSubdirectory("mka-postgres-").FullName;
    private int _schemas;

    public PostgresServer()
    {
        // The server refuses to run as root: it is started as the user that its package made.
        if (IsRoot)
        {
            Run("/bin/chown", ["postgres", _directory], asPostgres: false);
        }

        Run("initdb", "-D", DataDirectory, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
        File.AppendAllText(Path.Combine(DataDirectory, "postgresql.conf"), $"""

            listen_addresses = '127.0.0.1'
            port = {_port}
            unix_socket_directories = '{_directory}'
            max_connections = 300
            shared_buffers = 64MB
            """);
        StartServer();
    }

    private static bool IsRoot => Environment.UserName == "root";

    private string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>The connection string of a schema that is new and empty.</summary>
    public string AddSchema()
    {
        var schema = $"test{Interlocked.Increment(ref _schemas)}";
        var server = $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres";
        using var connection = new NpgsqlConnection(server + ";Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"create schema {schema}";
        command.ExecuteNonQuery();
        return $"{server};Search Path={schema}";
    }

    /// <summary>Stops the server as <c>kill -9</c> would, and starts it again.</summary>
    public void Restart()
    {
        StopServer();
        StartServer();
    }

    public void Dispose()
    {
        StopServer();
        Directory.Delete(_directory, recursive: true);
    }

    private void StartServer() => Run("pg_ctl", "-D", DataDirectory, "-l", Path.Combine(_directory, "log"), "-w", "-t", "120", "start");

    private void StopServer() => Run("pg_ctl", "-D", DataDirectory, "-m", "immediate", "-w", "stop");

    private static string Program(string name) =>
        Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", name)).First(File.Exists)
            : name;

    private void Run(string program, params IEnumerable<string> arguments) => Run(Program(program), arguments, IsRoot);

    private void Run(string program, IEnumerable<string> arguments, bool asPostgres)
    {
        // What it says goes to a file: a server that is started inherits its outputs and would keep pipes open.
        var said = Path.Combine(_directory, $"said by {Path.GetFileName(program)}");
        var command = $"{string.Join(' ', arguments.Prepend(program).Select(static word => $"'{word}'"))} > '{said}' 2>&1";
        var start = asPostgres ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", "sh", "-c", command]) : new ProcessStartInfo("sh", ["-c", command]);
        start.WorkingDirectory = _directory;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {File.ReadAllText(said)}");
    }
}

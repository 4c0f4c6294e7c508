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
        var access = Path.Combine(DataDirectory, "pg_hba.conf");
        File.WriteAllText(access, $"host all {Locked} 127.0.0.1/32 scram-sha-256\n{File.ReadAllText(access)}");
        Configure();
        StartServer();
    }

    // A standby of another server, which follows it.
    private PostgresServer(PostgresServer primary)
    {
        if (IsRoot)
        {
            Run("/bin/chown", ["postgres", _directory], asPostgres: false);
        }

        Run("pg_basebackup", "-D", DataDirectory, "-h", "127.0.0.1", "-p", $"{primary._port}", "-U", "postgres", "-R", "-X", "stream", "-c", "fast", "--no-sync");
        Configure();
        StartServer();
    }

    /// <summary>A user whom the server lets in with a password only; to be made.</summary>
    public const string Locked = "locked";

    /// <summary>The port that it listens on.</summary>
    public int Port => _port;

    private static bool IsRoot => Environment.UserName == "root";

    private string DataDirectory => Path.Combine(_directory, "data");

    /// <summary>The connection string of a schema that is new and empty.</summary>
    public string AddSchema()
    {
        var schema = $"test{Interlocked.Increment(ref _schemas)}";
        Execute($"create schema {schema}");
        return $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Search Path={schema}";
    }

    /// <summary>Does something as the server's owner.</summary>
    public object? Execute(string sql)
    {
        using var connection = new NpgsqlConnection($"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Makes a standby of it, which has all that is on it.</summary>
    public PostgresServer AddStandby() => new(this);

    /// <summary>Stops it as <c>kill -9</c> would.</summary>
    public void Kill() => StopServer();

    /// <summary>Makes a standby the primary.</summary>
    public void Promote() => Run("pg_ctl", "-D", DataDirectory, "-w", "-t", "120", "promote");

    /// <summary>Stops the server as <c>kill -9</c> would, and starts it again.</summary>
    public void Restart()
    {
        StopServer();
        StartServer();
    }

    /// <summary>Writes a schema into a file as <c>pg_dump</c> does.</summary>
    public string Dump(string schema)
    {
        var file = Path.Combine(_directory, $"{schema}.dump");
        Run("pg_dump", "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", "-d", "postgres", "-n", schema, "-F", "c", "-f", file);
        return file;
    }

    /// <summary>Puts a schema back as <c>pg_restore</c> does; what is there is dropped.</summary>
    public void Restore(string schema, string dump)
    {
        Execute($"drop schema {schema} cascade");
        Run("pg_restore", "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", "-d", "postgres", dump);
    }

    // What a test has found is not to be hidden by a server that cannot be stopped.
    public void Dispose()
    {
        try
        {
            if (File.Exists(Path.Combine(DataDirectory, "postmaster.pid")))
            {
                StopServer();
            }

            Directory.Delete(_directory, recursive: true);
        }
        catch (Exception trouble)
        {
            TestContext.Current.AddWarning($"A PostgreSQL server of the tests was not removed from {_directory}: {trouble.Message}");
        }
    }

    private void Configure() => File.AppendAllText(Path.Combine(DataDirectory, "postgresql.conf"), $"""

        listen_addresses = '127.0.0.1'
        port = {_port}
        unix_socket_directories = '{_directory}'
        max_connections = 300
        shared_buffers = 64MB

        """);

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

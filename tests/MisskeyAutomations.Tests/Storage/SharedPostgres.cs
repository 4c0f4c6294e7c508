using MisskeyAutomations.Tests.Storage;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace MisskeyAutomations.Tests.Storage;

/// <summary>The PostgreSQL server of all tests that do not stop it: started by the first of them, removed after the last.</summary>
public sealed class SharedPostgres : IDisposable
{
    private static readonly Lazy<PostgresServer> Server = new(() => new PostgresServer());

    /// <summary>The connection string of a schema that is new and empty.</summary>
    public static string NewSchema() => Server.Value.AddSchema();

    /// <summary>Does something as the server's owner.</summary>
    public static object? Execute(string sql) => Server.Value.Execute(sql);

    /// <summary>The port of the server.</summary>
    public static int Port => Server.Value.Port;

    public void Dispose()
    {
        if (Server.IsValueCreated)
        {
            Server.Value.Dispose();
        }
    }
}

using MisskeyAutomations.Tests.Storage;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace MisskeyAutomations.Tests.Storage;

/// <summary>The PostgreSQL server of all tests that do not stop it: started by the first of them, removed after the last.</summary>
public sealed class SharedPostgres : IDisposable
{
    private static readonly Lazy<PostgresServer> Server = new(() => new PostgresServer());

    /// <summary>The connection string of a schema that is new and empty.</summary>
    public static string NewSchema() => Server.Value.AddSchema();

    public void Dispose()
    {
        if (Server.IsValueCreated)
        {
            Server.Value.Dispose();
        }
    }
}

namespace MisskeyAutomations.Tests.Storage;

/// <summary>The store on PostgreSQL in a schema of its own.</summary>
internal sealed class PostgresUnderTest() : DurableUnderTest(SharedPostgres.NewSchema());

namespace MisskeyAutomations.Tests.Storage;

/// <summary>The store on SQLite in a directory of its own.</summary>
internal sealed class SqliteUnderTest() : DurableUnderTest(postgres: null);

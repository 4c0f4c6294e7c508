namespace MisskeyAutomations.Tests.Storage.Models;

/// <summary>SQLite behaves as the model of an inbox does.</summary>
public sealed class SqliteInboxModelTests() : InboxModelContract(() => new SqliteUnderTest());

/// <summary>SQLite behaves as the model of a limit does.</summary>
public sealed class SqliteLimitModelTests() : LimitModelContract(() => new SqliteUnderTest());

/// <summary>SQLite behaves as the model of leases does.</summary>
public sealed class SqliteLeaseModelTests() : LeaseModelContract(() => new SqliteUnderTest());

namespace MisskeyAutomations.Tests.Storage.Models;

/// <summary>PostgreSQL behaves as the model of an inbox does.</summary>
public sealed class PostgresInboxModelTests() : InboxModelContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL behaves as the model of a limit does.</summary>
public sealed class PostgresLimitModelTests() : LimitModelContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL behaves as the model of leases does.</summary>
public sealed class PostgresLeaseModelTests() : LeaseModelContract(() => new PostgresUnderTest());

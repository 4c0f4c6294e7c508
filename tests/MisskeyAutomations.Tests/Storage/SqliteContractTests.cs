namespace MisskeyAutomations.Tests.Storage;

/// <summary>SQLite keeps what an inbox promises.</summary>
public sealed class SqliteInboxTests() : InboxContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what subjects promise.</summary>
public sealed class SqliteSubjectTests() : SubjectContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what a store of runs promises.</summary>
public sealed class SqliteRunTests() : RunContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what limits promise.</summary>
public sealed class SqliteReservationTests() : ReservationContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what budgets promise.</summary>
public sealed class SqliteBudgetTests() : BudgetContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what runs remember and hear.</summary>
public sealed class SqliteMemoryTests() : MemoryContract(() => new SqliteUnderTest());

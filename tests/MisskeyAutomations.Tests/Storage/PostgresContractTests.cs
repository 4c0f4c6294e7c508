namespace MisskeyAutomations.Tests.Storage;

/// <summary>PostgreSQL keeps what an inbox promises.</summary>
public sealed class PostgresInboxTests() : InboxContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what catching up promises.</summary>
public sealed class PostgresCatchUpTests() : CatchUpContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what streaming and comparing promise.</summary>
public sealed class PostgresStreamTests() : StreamContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what subjects promise.</summary>
public sealed class PostgresSubjectTests() : SubjectContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what a store of runs promises.</summary>
public sealed class PostgresRunTests() : RunContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what limits promise.</summary>
public sealed class PostgresReservationTests() : ReservationContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what budgets promise.</summary>
public sealed class PostgresBudgetTests() : BudgetContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what runs remember and hear.</summary>
public sealed class PostgresMemoryTests() : MemoryContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what turns and places promise.</summary>
public sealed class PostgresAdmissionTests() : AdmissionContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what note owners promise.</summary>
public sealed class PostgresNoteOwnersTests() : NoteOwnersContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL answers as promised: what people ask about events.</summary>
public sealed class PostgresEventQueriesTests() : EventQueriesContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL answers as promised: what people ask about runs.</summary>
public sealed class PostgresRunQueriesTests() : RunQueriesContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL answers as promised: tidying up.</summary>
public sealed class PostgresUpkeepTests() : UpkeepContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL answers as promised: what its watchers ask.</summary>
public sealed class PostgresFiguresTests() : FiguresContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps what is to be kept, and no longer.</summary>
public sealed class PostgresRetentionTests() : RetentionContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL knows again what the engine died at.</summary>
public sealed class PostgresPoisonEventsTests() : PoisonEventsContract(new PostgresUnderTest());

/// <summary>PostgreSQL keeps changes that share a transaction apart.</summary>
public sealed class PostgresWriterTests() : WriterContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL counts what is done.</summary>
public sealed class PostgresActivityTests() : ActivityContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL answers as promised: lists of events.</summary>
public sealed class PostgresEventPagesTests() : EventPagesContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL answers as promised: lists of runs.</summary>
public sealed class PostgresRunPagesTests() : RunPagesContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL does what people order about runs and events.</summary>
public sealed class PostgresOrdersTests() : OrdersContract(() => new PostgresUnderTest());

/// <summary>PostgreSQL keeps the keys of the API.</summary>
public sealed class PostgresApiKeysTests() : ApiKeysContract(() => new PostgresUnderTest());

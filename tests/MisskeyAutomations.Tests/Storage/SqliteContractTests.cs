using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>SQLite keeps what an inbox promises.</summary>
public sealed class SqliteInboxTests() : InboxContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what catching up promises.</summary>
public sealed class SqliteCatchUpTests() : CatchUpContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what streaming and comparing promise.</summary>
public sealed class SqliteStreamTests() : StreamContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what subjects promise.</summary>
public sealed class SqliteSubjectTests() : SubjectContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what a store of runs promises.</summary>
public sealed class SqliteRunTests() : RunContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what limits promise.</summary>
public sealed class SqliteReservationTests() : ReservationContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what budgets promise.</summary>
public sealed class SqliteBudgetTests() : BudgetContract(() => new SqliteUnderTest())
{
    [Fact]
    public async Task Who_is_released_first_keeps_its_new_time_while_others_are_released()
    {
        var began = Store.Now;
        var claim = Notes with { Max = 1 };
        Assert.Null((await AskAsync(claim)).EmptyBucket);
        await Store.Runs.ReleaseAsync(WaitReason.Budget, Token);
        Assert.Equal(began.AddHours(1), (await AskAsync(claim)).FreeAt);

        await ((SqliteUnderTest)Store).Store.Writer.RunAsync(db => ManyRuns.Release(db, WaitReason.Budget, after: ManyRuns.StepSize, began), Token);

        Assert.Equal(began.AddHours(2), (await AskAsync(claim)).FreeAt);
    }
}

/// <summary>SQLite keeps what runs remember and hear.</summary>
public sealed class SqliteMemoryTests() : MemoryContract(() => new SqliteUnderTest());

/// <summary>SQLite answers as promised: what people ask about events.</summary>
public sealed class SqliteEventQueriesTests() : EventQueriesContract(() => new SqliteUnderTest());

/// <summary>SQLite answers as promised: what people ask about runs.</summary>
public sealed class SqliteRunQueriesTests() : RunQueriesContract(() => new SqliteUnderTest());

/// <summary>SQLite answers as promised: tidying up.</summary>
public sealed class SqliteUpkeepTests() : UpkeepContract(() => new SqliteUnderTest());

/// <summary>SQLite answers as promised: what its watchers ask.</summary>
public sealed class SqliteFiguresTests() : FiguresContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps what is to be kept, and no longer.</summary>
public sealed class SqliteRetentionTests() : RetentionContract(() => new SqliteUnderTest());

/// <summary>SQLite knows again what the engine died at.</summary>
public sealed class SqlitePoisonEventsTests() : PoisonEventsContract(new SqliteUnderTest());

/// <summary>SQLite keeps changes that share a transaction apart.</summary>
public sealed class SqliteWriterTests() : WriterContract(() => new SqliteUnderTest());

/// <summary>SQLite counts what is done.</summary>
public sealed class SqliteActivityTests() : ActivityContract(() => new SqliteUnderTest());

/// <summary>SQLite answers as promised: lists of events.</summary>
public sealed class SqliteEventPagesTests() : EventPagesContract(() => new SqliteUnderTest());

/// <summary>SQLite answers as promised: lists of runs.</summary>
public sealed class SqliteRunPagesTests() : RunPagesContract(() => new SqliteUnderTest());

/// <summary>SQLite does what people order about runs and events.</summary>
public sealed class SqliteOrdersTests() : OrdersContract(() => new SqliteUnderTest());

/// <summary>SQLite keeps the keys of the API.</summary>
public sealed class SqliteApiKeysTests() : ApiKeysContract(() => new SqliteUnderTest());

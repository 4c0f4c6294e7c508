using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>A store that outlives its process, with a data directory of its own.</summary>
internal abstract class DurableUnderTest : StoreUnderTest
{
    private readonly TempDirectory _directory = new();
    private IInbox _inbox;
    private IRunStore _runs;

    private readonly Func<TimeSpan?>? _uptime;

    protected DurableUnderTest(string? postgres, Func<TimeSpan?>? uptime = null)
    {
        _uptime = uptime;
        Options = new() { DataDirectory = _directory.Path, Postgres = postgres, UsesDatabaseClock = false };
        (Store, _inbox, _runs) = Open();
    }

    public StoreOptions Options { get; }

    public Store Store { get; private set; }

    public override IInbox Inbox => _inbox;

    public override IRunStore Runs => _runs;

    public override void Reopen()
    {
        Store.Dispose();
        (Store, _inbox, _runs) = Open();
    }

    public override void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
    }

    private (Store Store, IInbox Inbox, IRunStore Runs) Open()
    {
        var store = Store.Open(Options, Time, uptime: _uptime);
        return (store, new StoredInbox(store, new StoreHealth(store, Time), Time), new StoredRuns(store, new AccountDirectory([])));
    }
}

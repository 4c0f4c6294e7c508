using Dapper;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Stores that an older version left behind.</summary>
public sealed class StoreUpgradeTests : IDisposable
{
    private readonly SqliteUnderTest _store = new();

    private LimitClaim TwoAWeek => new("user:bob", 2, _store.Now.AddDays(-7), "2 per user per week");

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Places_in_limits_taken_before_the_upgrade_count_after_it(bool isDryRun)
    {
        await _store.StartAsync(_store.Plan(isDryRun: isDryRun, claims: TwoAWeek));
        _store.Store.Dispose();
        Downgrade();
        Assert.DoesNotContain("promised", ColumnsOf("limit_places"));

        _store.Reopen();

        Assert.Single((await _store.DecideAsync(runs: _store.Plan(isDryRun: isDryRun, claims: TwoAWeek))).Runs);
        Assert.Empty((await _store.DecideAsync(runs: _store.Plan(isDryRun: isDryRun, claims: TwoAWeek))).Runs);
    }

    [Fact]
    public async Task Places_outlive_the_runs_that_took_them_over_the_upgrade_too()
    {
        await _store.StartAsync(_store.Plan(claims: TwoAWeek));
        await _store.StartAsync(_store.Plan(claims: TwoAWeek));
        _store.Store.Dispose();
        Downgrade();
        Execute("delete from runs");

        _store.Reopen();

        Assert.Empty((await _store.DecideAsync(runs: _store.Plan(claims: TwoAWeek))).Runs);
    }

    // The store as it was before limits counted per account.
    private void Downgrade() => Execute("""
        drop index limit_places_promised;
        alter table limit_places drop column promised;
        alter table limit_places drop column kept;
        update limit_places set key = substr(key, instr(key, '/') + 1);
        drop index runs_overlapping;
        alter table runs drop column group_rest;
        alter table runs drop column overlap;
        alter table runs drop column queued;
        alter table runs drop column waits_since;
        alter table runs drop column stop;
        delete from SchemaVersions where ScriptName = '0002_gates.sql';
        """);

    private void Execute(string sql)
    {
        using var connection = Connect();
        connection.Execute(sql);
    }

    private IEnumerable<string> ColumnsOf(string table)
    {
        using var connection = Connect();
        return connection.Query<string>("select name from pragma_table_info(@table)", new { table });
    }

    private SqliteConnection Connect() => new(new SqliteConnectionStringBuilder { DataSource = _store.Options.DatabasePath, Pooling = false }.ToString());
}

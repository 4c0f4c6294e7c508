using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Health.Alerts;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>Each day has its backup, whatever the clock does and however often the engine is started; one that cannot be made is told until it is there.</summary>
public sealed class DailyBackupsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 10, 23, 1, 30, 0, TimeSpan.Zero));
    private readonly StoreOptions _options;

    public DailyBackupsTests()
    {
        _options = new StoreOptions { DataDirectory = Path.Combine(_directory.Path, "data") };
        Store.Open(_options, TimeProvider.System).Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Kept => Path.Combine(_directory.Path, "kept");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_engine_makes_one_a_day_and_keeps_the_newest()
    {
        using var backups = Some(keep: 2);
        await backups.StartAsync(Token);

        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMinutes(30));
                return DaysOfBackups().Contains(new DateOnly(2026, 10, 26));
            },
            "four days have gone by");
        await backups.StopAsync(Token);

        Assert.Equal(2, Files().Count);
    }

    [Fact]
    public void A_start_makes_what_is_missing_and_no_second_one()
    {
        Look();
        Look();
        Assert.Single(Files());

        _time.Advance(TimeSpan.FromHours(2));
        Look();
        Assert.Single(Files());

        _time.Advance(TimeSpan.FromHours(1));
        Look();
        Look();
        Assert.Equal(2, Files().Count);
    }

    [Fact]
    public void Days_of_25_and_of_23_hours_have_one_each()
    {
        _time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        foreach (var begin in (DateTimeOffset[])[_time.GetUtcNow(), new(2027, 3, 26, 1, 30, 0, TimeSpan.Zero)])
        {
            _time.SetUtcNow(begin);
            Look();
            var before = Files().Count;

            for (var half = 0; half < 2 * 24 * 4; half++)
            {
                _time.Advance(TimeSpan.FromMinutes(30));
                Look();
            }

            Assert.Equal(before + 4, Files().Count);
        }
    }

    [Fact]
    public void What_a_clock_that_was_ahead_made_does_not_count_for_today()
    {
        Directory.CreateDirectory(Kept);
        File.WriteAllText(Path.Combine(Kept, "automations-20990101T040000Z.db"), "");
        File.WriteAllText(Path.Combine(Kept, "automations-99999999T999999Z.db"), "");

        Look();

        Assert.Equal(3, Files().Count);
    }

    [Fact]
    public async Task One_that_cannot_be_made_is_a_trouble_until_it_is_there()
    {
        await File.WriteAllTextAsync(Kept, "a file, where the directory is to be", Token);
        using var backups = Some();
        var watch = new BackupWatch(backups);
        Assert.True((await watch.LookAsync(Token)).IsUnknown("backup"));

        backups.MakeIfDue();
        _time.Advance(TimeSpan.FromHours(1));
        backups.MakeIfDue();

        var trouble = Assert.Single((await watch.LookAsync(Token)).Troubles);
        Assert.Contains(Kept, trouble.Text.In(Translation.English), StringComparison.Ordinal);

        File.Delete(Kept);
        backups.MakeIfDue();

        var over = await watch.LookAsync(Token);
        Assert.Empty(over.Troubles);
        Assert.False(over.IsUnknown("backup"));
        Assert.Single(Files());
    }

    [Fact]
    public async Task Who_wants_none_is_told_of_none() => Assert.False((await new BackupWatch().LookAsync(Token)).IsUnknown("backup"));

    // As each start of the engine does.
    private void Look()
    {
        using var backups = Some();
        backups.MakeIfDue();
        Assert.Null(backups.Failure);
    }

    private DailyBackups Some(int keep = 100) => new(
        new(_options.DatabasePath, new BackupOptions { Directory = Kept, Hour = 4, Keep = keep }), _time, NullLogger<DailyBackups>.Instance);

    private IReadOnlyList<string> Files() => Backups.List(Kept);

    private IEnumerable<DateOnly> DaysOfBackups() => Files().Select(file => DateOnly.FromDateTime(Backups.TimeOf(file).UtcDateTime)).Order();
}

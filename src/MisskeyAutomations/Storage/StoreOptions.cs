using System.ComponentModel.DataAnnotations;

namespace MisskeyAutomations.Storage;

/// <summary>Where the engine keeps what it must not forget.</summary>
internal sealed class StoreOptions
{
    /// <summary>
    /// The directory of the database <c>automations.db</c> and its lock. It is made if missing and closed to other users (0700).
    /// Default: <c>data</c> in the working directory.
    /// </summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>The connection string of a PostgreSQL database, which several engines may share; null for the embedded store. Default: null.</summary>
    public string? Postgres { get; set; }

    /// <summary>Whether engines that share a store go by the database's clock, so that theirs need not agree. Default: true.</summary>
    public bool UsesDatabaseClock { get; set; } = true;

    /// <summary>
    /// How many changes may share one commit. One commit per change is as safe and an order of magnitude slower; it exists to measure
    /// by how much. Default: 500.
    /// </summary>
    [Range(1, 10_000)]
    public int MaxChangesPerCommit { get; set; } = 500;

    /// <summary>How many deliveries, and how many other changes, may wait to be written before further ones are refused. Default: 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxQueuedChanges { get; set; } = 20_000;

    /// <summary>How many bytes of bodies may wait to be written before further deliveries are refused. Default: 64 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxQueuedBytes { get; set; } = 64L * 1024 * 1024;

    /// <summary>Whether a damaged database is set aside and an empty one begun. Default: false, so that the start is refused.</summary>
    public bool AcceptsDataLoss { get; set; }

    /// <summary>How long it keeps what came.</summary>
    public RetentionOptions Retention { get; set; } = new();

    /// <summary>The database.</summary>
    public string DatabasePath => Path.Combine(DataDirectory, "automations.db");

    /// <summary>What is being evaluated, for whoever opens the store when this process has died.</summary>
    public string BlackBoxPath => Path.Combine(DataDirectory, "automations.at-work");

    /// <summary>The file that is given up when the disk is full.</summary>
    public string BallastPath => Path.Combine(DataDirectory, "automations.ballast");

    /// <summary>The file whose lock the running engine holds.</summary>
    public string LockPath => Path.Combine(DataDirectory, "automations.lock");

    /// <summary>Says where the store went, once it has been moved from here.</summary>
    public string MoveNotePath => Path.Combine(DataDirectory, "automations.moved");
}

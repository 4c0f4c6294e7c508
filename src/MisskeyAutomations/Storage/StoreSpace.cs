using MisskeyAutomations.Storage.Sqlite;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Room on the store's disk. A file that holds nothing, the ballast, is given up when the disk is full: what became of requests that are on
/// their way is written into its place. Nothing else is until there is room again.
/// </summary>
internal sealed class StoreSpace(StoreOptions options, StoreTroubles troubles)
{
    private const long Mebi = 1024 * 1024;
    private const long LargestBallast = 8 * Mebi;

    // A small disk cannot spare more than a part of itself.
    private const int PartOfDisk = 16;

    private readonly bool _isWatched = options.Postgres is null;
    private volatile bool _isShort;
    private volatile bool _isLittle;

    /// <summary>Whether only what must not be forgotten is written.</summary>
    public bool IsShort => _isShort;

    /// <summary>Whether the log beside the database is to be kept small.</summary>
    public bool IsLittle => _isLittle;

    /// <summary>Looks how much room there is: warns early, refuses while something is left, and goes on once there is room again.</summary>
    public void Look()
    {
        if (_isWatched && Measure() is var (free, total))
        {
            var ballast = Math.Min(LargestBallast, total / PartOfDisk);
            LookAtBallast(free, ballast);
            LookAhead(free, total);
        }
    }

    /// <summary>There was no room to write: gives the ballast up.</summary>
    /// <returns>Whether that made room, so that what is vital is to be tried again.</returns>
    public bool Spend()
    {
        if (!_isWatched || Measure() is not var (free, total) || free > 4 * Math.Min(LargestBallast, total / PartOfDisk))
        {
            return false;
        }

        Shorten();
        try
        {
            var isThere = File.Exists(options.BallastPath);
            File.Delete(options.BallastPath);
            return isThere;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void LookAtBallast(long free, long ballast)
    {
        var isThere = File.Exists(options.BallastPath);
        if (free < ballast)
        {
            Shorten();
        }
        else if (free >= (isThere ? 2 : 3) * ballast && (isThere || TryReserve(ballast)) && _isShort)
        {
            _isShort = false;
            troubles.End(StoreTroubleKind.Full);
        }
    }

    // One in twenty of a large disk is more than the engine needs in a year.
    private void LookAhead(long free, long total)
    {
        var little = Math.Max(200 * Mebi, Math.Min(2048 * Mebi, total / 20));
        if (free < little)
        {
            _isLittle = true;
            troubles.Begin(StoreTroubleKind.LittleRoom, $"The disk of {options.DataDirectory} has {free / Mebi} MiB left. Make room, "
                + "or webhooks will be refused and nothing sent when it is full.");
        }
        else if (free > little + (little / 10))
        {
            _isLittle = false;
            troubles.End(StoreTroubleKind.LittleRoom);
        }
    }

    private void Shorten()
    {
        _isShort = true;
        troubles.Begin(StoreTroubleKind.Full, SqliteTroubles.Full(options.DataDirectory));
    }

    private bool TryReserve(long length)
    {
        try
        {
            var reserved = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, PreallocationSize = length };
            if (!OperatingSystem.IsWindows())
            {
                reserved.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            new FileStream(options.BallastPath, reserved).Dispose();
            return true;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private (long Free, long Total)? Measure()
    {
        try
        {
            var drive = new DriveInfo(Path.GetFullPath(options.DataDirectory));
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

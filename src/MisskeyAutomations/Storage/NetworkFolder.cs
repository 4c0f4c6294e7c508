namespace MisskeyAutomations.Storage;

/// <summary>Folders on file systems whose locks and memory maps are not to be trusted.</summary>
internal static class NetworkFolder
{
    private static readonly HashSet<string> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afs", "coda", "ncp", "ncpfs", "ceph", "lustre", "gfs", "gfs2", "ocfs2", "panfs", "gpfs", "acfs",
    };

    /// <summary>Refuses a database that would lie on one.</summary>
    /// <exception cref="StoreInaccessibleException">It does.</exception>
    public static void Refuse(string directory)
    {
        if (FormatOf(directory) is { } format && IsOne(format))
        {
            throw new StoreInaccessibleException(directory, $"it lies on a network file system ({format}), where a database can be damaged. "
                + "Name a folder on a local disk with --data, or keep the store in PostgreSQL (`store`).");
        }
    }

    /// <summary>Whether a kind of file system is one.</summary>
    public static bool IsOne(string format) => Formats.Contains(format);

    private static string? FormatOf(string directory)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).DriveFormat;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

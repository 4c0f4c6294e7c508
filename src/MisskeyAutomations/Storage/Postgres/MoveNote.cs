namespace MisskeyAutomations.Storage.Postgres;

/// <summary>
/// The note beside a file that was moved: no engine starts on the file any more, which would do again what is done on the server. It is
/// written before the move is final, and bears the same word as the server then does.
/// </summary>
/// <param name="Word">What the server's settings say once the move is final.</param>
/// <param name="Target">Where it went, as people know it.</param>
internal sealed record MoveNote(string Word, string Target)
{
    /// <summary>The key of the word in the settings.</summary>
    public const string Key = "moved";

    /// <summary>The note of a data directory; null when nothing was moved from there.</summary>
    public static MoveNote? Read(StoreOptions options)
    {
        if (!File.Exists(options.MoveNotePath))
        {
            return null;
        }

        var lines = File.ReadAllLines(options.MoveNotePath);
        return new(lines.ElementAtOrDefault(0) ?? "", lines.ElementAtOrDefault(1) ?? "another database");
    }

    /// <summary>Refuses a file that was moved.</summary>
    /// <exception cref="StoreMovedException">It was, and the options name no other store.</exception>
    public static void Refuse(StoreOptions options)
    {
        if (options.Postgres is null && Read(options) is { } note)
        {
            throw new StoreMovedException(note.Target, options.MoveNotePath);
        }
    }

    /// <summary>Writes it to the disk.</summary>
    public void Write(StoreOptions options)
    {
        using var file = new FileStream(options.MoveNotePath, FileMode.Create, FileAccess.Write);
        file.Write(System.Text.Encoding.UTF8.GetBytes($"{Word}\n{Target}\n"));
        file.Flush(flushToDisk: true);
    }
}

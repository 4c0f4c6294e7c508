namespace MisskeyAutomations.Storage;

/// <summary>What ails the store, from its beginning to its end.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Sentence">What is wrong and what to do, for people.</param>
/// <param name="Since">When it began.</param>
internal sealed record StoreTrouble(StoreTroubleKind Kind, string Sentence, DateTimeOffset Since)
{
    /// <summary>Whether webhooks are refused and nothing is sent as long as it lasts. The others are warnings.</summary>
    public bool Refuses => Kind >= StoreTroubleKind.Busy;
}

/// <summary>Kinds of trouble, the worst last.</summary>
internal enum StoreTroubleKind
{
    /// <summary>The log beside the database does not shrink, since somebody reads for long.</summary>
    LongLog,

    /// <summary>The disk is nearly full.</summary>
    LittleRoom,

    /// <summary>Another program holds the database.</summary>
    Busy,

    /// <summary>The database cannot be written or reached.</summary>
    Unwritable,

    /// <summary>The file system takes no writes.</summary>
    ReadOnly,

    /// <summary>There is no room on the disk.</summary>
    Full,

    /// <summary>What was written is not known to be on the disk, and never will be: this process must end.</summary>
    Broken,
}

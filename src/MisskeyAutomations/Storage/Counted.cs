namespace MisskeyAutomations.Storage;

/// <summary>What is counted of what the engine does. The numbers are stored; those of ended runs are their states'.</summary>
internal enum Counted
{
    /// <summary>An event was decided: once, however many deliveries reported it.</summary>
    Event = 0,

    /// <summary>A run was made.</summary>
    Made = 1,

    /// <summary>A run ended well.</summary>
    Succeeded = 4,

    /// <summary>A gate ended a run.</summary>
    Skipped = 5,

    /// <summary>A step failed, and its run with it.</summary>
    Failed = 6,

    /// <summary>A run was ended from outside.</summary>
    Cancelled = 7,

    /// <summary>A request had an effect.</summary>
    Sent = 9,
}

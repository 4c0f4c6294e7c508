using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Which events somebody wants to see. What is null does not matter.</summary>
internal sealed record EventFilter
{
    /// <summary>The account's name.</summary>
    public string? Account { get; init; }

    /// <summary>The most particular type that an event was decided as.</summary>
    public string? Type { get; init; }

    /// <summary>The name of a rule of which the event made a run.</summary>
    public string? Rule { get; init; }

    /// <summary>Where it came from, such as <c>webhook</c>.</summary>
    public string? Source { get; init; }

    public DeliveryState? State { get; init; }

    /// <summary>The time of arrival from which on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The time of arrival up to which.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What people wrote, or who they are: looked for in texts and names, whichever their case.</summary>
    public string? Text { get; init; }
}

/// <summary>Some of the things that were asked for, newest first, and how far was looked for them.</summary>
/// <param name="Found">Those that were found.</param>
/// <param name="Next">Where to look on: all with this number or a later one were looked at. Null when there is nothing more.</param>
internal sealed record Page<T>(IReadOnlyList<T> Found, long? Next)
{
    /// <summary>When the last thing that was looked at came: where fewer were found than asked for, and there are more to look at.</summary>
    public DateTimeOffset? LookedBackTo { get; init; }
}

namespace MisskeyAutomations.Outside;

/// <summary>What rules may call beside Misskey.</summary>
internal sealed record OutsideOptions
{
    /// <summary>Machines that are not everybody's and may be called all the same; none by default.</summary>
    public IReadOnlyList<AllowedTarget> Allow { get; init; } = [];

    /// <summary>Whether nobody at all is called, as in the sandbox.</summary>
    public bool IsClosed { get; init; }

    /// <summary>How large a file <c>upload</c> fetches, in bytes; 20 MiB by default.</summary>
    public int MaxUploadBytes { get; init; } = 20 * 1024 * 1024;
}

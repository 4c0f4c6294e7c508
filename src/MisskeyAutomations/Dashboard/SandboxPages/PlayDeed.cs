namespace MisskeyAutomations.Dashboard.SandboxPages;

/// <summary>What somebody can do.</summary>
internal enum PlayDeed
{
    Follow,
    Mention,
    Reply,
    Renote,
    Quote,
    React,
    Message,
    Unfollow,
    Post,
}

using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>
/// The steps that are about one person and send nothing but who that is: each is a row here, <see cref="UserAction"/> does them all.
/// </summary>
internal static class UserSteps
{
    private static readonly Parameter Expires = new("expires", ParameterType.Duration, "How long the mute lasts; for ever unless given.");

    public static readonly ActionDescriptor Follow = Step("follow", "Follows a user; a locked account gets a request.", "following/create", "write:following", "follows") with { Gives = "user" };

    public static readonly ActionDescriptor Unfollow = Step("unfollow", "Stops following a user.", "following/delete", "write:following", "follows") with { Gives = "user" };

    public static readonly ActionDescriptor RemoveFollower =
        Step("remove-follower", "Makes a user follow the account no longer.", "following/invalidate", "write:following", "follows") with { Gives = "user" };

    public static readonly ActionDescriptor AcceptRequest =
        Step("accept-request", "Lets a user follow who asked to; done already when no request is there (any more).", "following/requests/accept", "write:following", "follows");

    public static readonly ActionDescriptor RejectRequest =
        Step("reject-request", "Turns a user's request to follow down.", "following/requests/reject", "write:following", "follows");

    public static readonly ActionDescriptor Mute =
        Step("mute", "Mutes a user. Somebody muted already stays muted as they are.", "mute/create", "write:mutes", "mutes") with { Options = [Expires] };

    public static readonly ActionDescriptor Unmute = Step("unmute", "Takes a mute back.", "mute/delete", "write:mutes", "mutes");

    public static readonly ActionDescriptor RenoteMute = Step("renote-mute", "Hides a user's renotes in the account's timelines.", "renote-mute/create", "write:mutes", "mutes");

    public static readonly ActionDescriptor Block =
        Step("block", "Blocks a user: neither follows the other any more.", "blocking/create", "write:blocks", "blocks") with { Gives = "user" };

    public static readonly ActionDescriptor Unblock = Step("unblock", "Takes a block back.", "blocking/delete", "write:blocks", "blocks") with { Gives = "user" };

    public static readonly IReadOnlyList<ActionDescriptor> All =
        [Follow, Unfollow, RemoveFollower, AcceptRequest, RejectRequest, Mute, Unmute, RenoteMute, Block, Unblock];

    private static ActionDescriptor Step(string name, string doc, string endpoint, string permission, string budget) => new()
    {
        Name = name,
        Doc = doc,
        Main = ParameterType.User,
        Endpoint = endpoint,
        Permission = permission,
        Budget = budget,
        Lookups = [LookupKind.UserShow],
        Repeat = Repeat.Natural,
    };
}

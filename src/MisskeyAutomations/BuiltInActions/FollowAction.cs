using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>follow: user</c>.</summary>
internal sealed class FollowAction(MisskeySender misskey) : IAction
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "follow",
        Doc = "Follows a user; a locked account gets a request.",
        Main = ParameterType.User,
        Endpoint = "following/create",
        Permission = "write:following",
        Repeat = Repeat.Natural,
        Gives = "user",
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input) => UserCall.Prepare(input, Row, budget: "follows");

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}

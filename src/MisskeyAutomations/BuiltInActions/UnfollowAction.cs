using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>unfollow: user</c>.</summary>
internal sealed class UnfollowAction(MisskeySender misskey) : IAction
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "unfollow",
        Doc = "Stops following a user.",
        Main = ParameterType.User,
        Endpoint = "following/delete",
        Permission = "write:following",
        Repeat = Repeat.Natural,
        Gives = "user",
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input) => UserCall.Prepare(input, Row, budget: "follows");

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}

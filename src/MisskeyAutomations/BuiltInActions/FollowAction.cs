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

    public Preparation Prepare(ActionInput input)
    {
        if (!UserArgument.TryFind(input, input.Main, out var person, out var instead))
        {
            return instead;
        }

        if (person.Id == input.Event.MeId)
        {
            return new Preparation.Skip("The account cannot follow itself.");
        }

        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = Row.Endpoint!,
            Body = RequestBody.Write(json => json.WriteString("userId", person.Id)),
            Repeat = Row.Repeat,
            Budget = "follows",
            Summary = Summary.Of($"follow {person.Name}", text: null),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}

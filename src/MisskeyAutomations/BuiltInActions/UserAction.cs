using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>One of the steps about one person: <c>follow: user</c>, <c>mute: user</c> …; never about the account itself.</summary>
internal sealed class UserAction(MisskeySender misskey, ActionDescriptor row) : IAction
{
    public ActionDescriptor Descriptor => row;

    public Preparation Prepare(ActionInput input)
    {
        if (!UserArgument.TryFindOther(input, row.Name, out var person, out var instead))
        {
            return instead;
        }

        var expires = input["expires"];
        return new Preparation.Ready(new Intent
        {
            Action = row.Name,
            Endpoint = row.Endpoint!,
            Body = RequestBody.Write(json =>
            {
                json.WriteString("userId", person.Id);
                if (!expires.IsNull)
                {
                    json.WriteNumber("expiresAt", input.Scope.Now.AddSeconds(expires.Number).ToUnixTimeMilliseconds());
                }
            }),
            Repeat = row.Repeat,
            Budget = row.Budget,
            Summary = Summary.Of($"{row.Name} {person.Name}", text: null),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}

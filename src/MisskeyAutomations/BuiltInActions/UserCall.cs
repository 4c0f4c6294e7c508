using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Requests about one user that carry nothing but the user's id.</summary>
internal static class UserCall
{
    /// <summary>Prepares the call of a step such as <c>follow: user</c>; never about the account itself.</summary>
    /// <param name="input">What the step was given.</param>
    /// <param name="row">The step's row: its endpoint is called.</param>
    /// <param name="budget">The budget that it draws on.</param>
    public static Preparation Prepare(ActionInput input, ActionDescriptor row, string budget)
    {
        if (!UserArgument.TryFind(input, input.Main, out var person, out var instead))
        {
            return instead;
        }

        if (person.Id == input.Event.MeId)
        {
            return new Preparation.Skip($"The account cannot {row.Name} itself.");
        }

        return new Preparation.Ready(new Intent
        {
            Action = row.Name,
            Endpoint = row.Endpoint!,
            Body = RequestBody.Write(json => json.WriteString("userId", person.Id)),
            Repeat = row.Repeat,
            Budget = budget,
            Summary = Summary.Of($"{row.Name} {person.Name}", text: null),
        });
    }
}

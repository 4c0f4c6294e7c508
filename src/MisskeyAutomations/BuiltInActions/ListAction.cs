using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>add-to-list: user</c> and <c>remove-from-list: user</c>.</summary>
internal sealed class ListAction(MisskeySender misskey, ActionDescriptor row) : IAction
{
    public static readonly ActionDescriptor Add = Step("add-to-list", "Adds a user to one of the account's lists.", "users/lists/push", "to");

    public static readonly ActionDescriptor Remove = Step("remove-from-list", "Takes a user out of one of the account's lists.", "users/lists/pull", "from");

    public ActionDescriptor Descriptor => row;

    public Preparation Prepare(ActionInput input)
    {
        if (!UserArgument.TryFindOther(input, row.Name, out var person, out var instead)
            || !OwnThingArgument.TryFind(input, row.Options[0].Name, LookupKind.OwnLists, out var list, out instead))
        {
            return instead;
        }

        return new Preparation.Ready(new Intent
        {
            Action = row.Name,
            Endpoint = row.Endpoint!,
            Body = RequestBody.Write(json =>
            {
                json.WriteString("listId", list.Entries["id"].Text);
                json.WriteString("userId", person.Id);
            }),
            Repeat = row.Repeat,
            Budget = row.Budget,
            Summary = Summary.Of($"{row.Name} {person.Name}", list.Entries["name"].Text),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);

    private static ActionDescriptor Step(string name, string doc, string endpoint, string option) => new()
    {
        Name = name,
        Doc = doc,
        Main = ParameterType.User,
        Options = [new(option, ParameterType.Text, "The list, by its name or its id.") { IsRequired = true }],
        Endpoint = endpoint,
        Permission = "write:account",
        Budget = "lists",
        Lookups = [LookupKind.UserShow, LookupKind.OwnLists],
        Repeat = Repeat.Natural,
    };
}

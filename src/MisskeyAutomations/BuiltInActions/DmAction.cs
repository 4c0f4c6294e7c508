using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>dm: TEXT</c>.</summary>
internal sealed class DmAction(MisskeySender misskey) : NoteMakingAction(misskey)
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "dm",
        Doc = "Writes to people directly; nobody else sees it.",
        Main = ParameterType.Text,
        Options =
        [
            new("to", ParameterType.Users, "A user, a list of users, or '@name@host'; the event's user unless given."),
            .. NoteContent.Options,
        ],
        Endpoint = NoteDraft.Endpoint,
        Permission = "write:notes",
        Budget = "notes",
        Lookups = [LookupKind.UserShow],
        NeedsUser = true,
        Answers = true,
        Repeat = Repeat.Never,
        Gives = "note",
    };

    public override ActionDescriptor Descriptor => Row;

    public override Preparation Prepare(ActionInput input)
    {
        var to = input.Arguments.TryGetValue("to", out var given) ? given
            : input.Event.User is { } user ? Value.From(user) : Value.Null;
        if (!UserArgument.TryFindAll(input, to, out var people, out var instead)
            || !NoteContent.TryRead(input, lead: null, inheritedCw: null, out var content, out instead))
        {
            return instead;
        }

        people.RemoveAll(person => person.Id == input.Event.MeId);
        if (people.Count == 0)
        {
            return new Preparation.Skip("There is nobody to write to.");
        }

        if (content.IsHeldBack && !PrivateText.MayReach(input, people.Select(person => person.Id)))
        {
            return PrivateText.Refusal;
        }

        var draft = new NoteDraft
        {
            Content = content,
            Visibility = "specified",
            Recipients = [.. people.Select(person => person.Id)],
            LocalOnly = input["local-only"].IsTrue,
        };
        return draft.Freeze(input, Row.Name, thread: null, Summary.Of($"dm to {string.Join(", ", people.Select(person => person.Name))}", content.Text));
    }
}

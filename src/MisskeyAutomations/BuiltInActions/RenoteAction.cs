using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>renote: note</c>.</summary>
internal sealed class RenoteAction(MisskeySender misskey) : NoteMakingAction(misskey)
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "renote",
        Doc = "Renotes a note, at most as visible as it is. Direct notes, and other people's followers-only notes, are left alone.",
        Main = ParameterType.Note,
        Options =
        [
            new("visibility", ParameterType.Visibility, "Narrower than the note renoted; wider is not possible."),
            new("local-only", ParameterType.Boolean, "Keep the renote on this server."),
        ],
        Endpoint = NoteDraft.Endpoint,
        Permission = "write:notes",
        Budget = "notes",
        Lookups = [LookupKind.NoteShow],
        Repeat = Repeat.Never,
        Gives = "note",
    };

    public override ActionDescriptor Descriptor => Row;

    public override Preparation Prepare(ActionInput input)
    {
        if (!NoteArgument.TryFind(input, "", out var asked, out var instead)
            || !NoteArgument.TryUnwrap(input, asked, out var note, out instead))
        {
            return instead;
        }

        if (Renotable.Refusal(note, input.Event.MeId) is { } refusal)
        {
            return new Preparation.Skip(refusal);
        }

        var wish = input["visibility"].IsNull ? input.Defaults.Visibility : input["visibility"].Text;
        if (!Audience.IsKnown(wish))
        {
            return new Preparation.Invalid($"This is not a visibility: {Words.OneLine(input["visibility"].ToText(), 40)}.");
        }

        var floor = Audience.Narrower(Audience.Of(asked), Audience.Of(note));
        var channelOnly = note.FindObject("channel")?.Find("allowRenoteToExternal") is { ValueKind: JsonValueKind.False };
        if (channelOnly && wish != "public" && !input["visibility"].IsNull)
        {
            return new Preparation.Skip("This note may only be renoted in its channel, where Misskey makes everything public; this renote was meant for fewer.");
        }

        var draft = new NoteDraft
        {
            Visibility = channelOnly ? floor : Audience.Narrower(wish, floor),
            LocalOnly = note.IsTrue("localOnly") || input["local-only"].IsTrue,
            RenoteId = note.GetText("id"),
            ChannelId = channelOnly ? note.GetText("channelId") : null,
            Remarks = !input["visibility"].IsNull && Audience.IsWider(wish, floor)
                ? [$"The visibility was narrowed from {wish} to {floor}: a renote is at most as visible as what it renotes."] : [],
        };
        var author = note.FindObject("user") is { } user ? NoteReading.Mention(user) : null;
        return draft.Freeze(input, Row.Name, NoteReading.ThreadOf(input, note), Summary.Of($"renote {author ?? $"note {note.GetText("id")}"}", note.GetText("text")));
    }
}

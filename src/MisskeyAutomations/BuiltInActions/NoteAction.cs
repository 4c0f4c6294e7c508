using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>note: TEXT</c>.</summary>
internal sealed class NoteAction(MisskeySender misskey) : NoteMakingAction(misskey)
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "note",
        Doc = "Posts a note that answers nothing.",
        Main = ParameterType.Text,
        Options =
        [
            new("visibility", ParameterType.Visibility, "Who sees it; what 'defaults' says unless given."),
            new("channel", ParameterType.Word, "The id of the channel to post in; notes there are always public."),
            .. NoteContent.Options,
        ],
        Endpoint = NoteDraft.Endpoint,
        Permission = "write:notes",
        Budget = "notes",
        Repeat = Repeat.Never,
        Gives = "note",
    };

    public override ActionDescriptor Descriptor => Row;

    public override Preparation Prepare(ActionInput input)
    {
        if (!NoteContent.TryRead(input, lead: null, inheritedCw: null, out var content, out var instead))
        {
            return instead;
        }

        if (content.IsHeldBack)
        {
            return PrivateText.Refusal;
        }

        var wish = input["visibility"];
        var visibility = wish.IsNull ? input.Defaults.Visibility : wish.Text;
        if (!Audience.IsKnown(visibility))
        {
            return new Preparation.Invalid($"This is not a visibility: {Words.OneLine(wish.ToText(), 40)}.");
        }

        var channel = input["channel"] is { IsNull: false } given ? given.ToText() : null;
        if (channel is not null && !Ids.IsValid(channel))
        {
            return new Preparation.Invalid($"This is not a channel's id: {Words.OneLine(channel, 40)}.");
        }

        if (channel is not null && !wish.IsNull && visibility != "public")
        {
            return new Preparation.Skip("Misskey makes every note in a channel public, whatever it is asked; this one was meant for fewer.");
        }

        var draft = new NoteDraft
        {
            Content = content,
            Visibility = channel is null ? visibility : "public",
            LocalOnly = input["local-only"].IsTrue,
            ChannelId = channel,
        };
        return draft.Freeze(input, Row.Name, thread: null, Summary.Of("note", content.Text));
    }
}

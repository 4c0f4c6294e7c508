using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>
/// Prepares what answers a note, as a reply or a quote: seen by at most those who could see the note, in its channel, under its
/// content warning.
/// </summary>
internal static class AnswerDraft
{
    /// <summary>The options of every answer.</summary>
    public static readonly IReadOnlyList<Parameter> Options =
    [
        new("to", ParameterType.Note, "The note to answer; the event's own unless given."),
        new("visibility", ParameterType.Visibility, "Narrower than the note answered; wider is not possible."),
        .. NoteContent.Options,
    ];

    /// <summary>Prepares a reply or a quote.</summary>
    public static Preparation Prepare(ActionInput input, string action)
    {
        if (!NoteArgument.TryFind(input, "to", out var asked, out var instead)
            || !NoteArgument.TryUnwrap(input, asked, out var note, out instead))
        {
            return instead;
        }

        var isQuote = action == "quote";
        if (isQuote && Renotable.Refusal(note, input.Event.MeId) is { } refusal)
        {
            return new Preparation.Skip(refusal);
        }

        var renoter = asked.IsPureRenote() ? asked.FindObject("user") : null;
        if (!NoteContent.TryRead(input, isQuote ? null : LeadFor(input, renoter, note), note.GetText("cw"), out var content, out instead)
            || !TryFindAudience(input, asked, note, content, out var visibility, out var remarks, out instead))
        {
            return instead;
        }

        var channel = note.GetText("channelId");
        if (channel is not null && visibility != "public")
        {
            return new Preparation.Skip("Misskey makes every answer in a channel public, whatever it is asked; this one was meant for fewer.");
        }

        var recipients = visibility == "specified" ? RecipientsOf(input, renoter, note) : [];
        if (visibility == "specified" && recipients.Length == 0 && Audience.Of(note) != "specified")
        {
            return new Preparation.Skip("It answers the account's own note and is for nobody else, so nobody would see it.");
        }

        var id = note.GetText("id");
        var draft = new NoteDraft
        {
            Content = content,
            Visibility = visibility,
            Recipients = recipients,
            LocalOnly = note.IsTrue("localOnly") || input["local-only"].IsTrue,
            ReplyId = isQuote ? null : id,
            RenoteId = isQuote ? id : null,
            ChannelId = channel,
            Remarks = remarks,
        };
        return draft.Freeze(input, action, NoteReading.ThreadOf(input, note), Summary.Of($"{action} to {NameOf(renoter, note)}", content.Text));
    }

    /// <summary>A renoter is not the author of the note that the answer goes under, so they are told by a mention.</summary>
    private static string? LeadFor(ActionInput input, JsonElement? renoter, JsonElement note) =>
        renoter?.GetText("id") is { } id && id != input.Event.MeId && id != NoteReading.AuthorId(note)
            ? NoteReading.Mention(renoter.Value) : null;

    private static bool TryFindAudience(
        ActionInput input, JsonElement asked, JsonElement note, NoteContent content,
        out string visibility, out List<string> remarks, [NotNullWhen(false)] out Preparation? instead)
    {
        (remarks, instead) = ([], null);
        var floor = Audience.Narrower(Audience.Of(asked), Audience.Of(note));
        visibility = floor;
        if (input["visibility"] is { IsNull: false } wish)
        {
            if (!Audience.IsKnown(wish.Text))
            {
                instead = new Preparation.Invalid($"This is not a visibility: {Misskey.Words.OneLine(wish.ToText(), 40)}.");
                return false;
            }

            visibility = Audience.Narrower(floor, wish.Text);
            if (Audience.IsWider(wish.Text, floor))
            {
                remarks.Add($"The visibility was narrowed from {wish.Text} to {floor}: an answer is at most as visible as what it answers.");
            }
        }

        if (!content.IsHeldBack)
        {
            return true;
        }

        if (!PrivateText.MayAnswer(input, note))
        {
            instead = PrivateText.Refusal;
            return false;
        }

        if (visibility == "followers" && NoteReading.AuthorId(note) != input.Event.MeId)
        {
            // An answer to followers goes to the account's own followers, who are not those of the author.
            visibility = "specified";
            remarks.Add("The visibility was narrowed from followers to specified: the text was written for the author's followers, not for the account's.");
        }

        return true;
    }

    /// <summary>A specified note is answered to all who are in it; any other to its author and, for a bare renote, the renoter.</summary>
    private static string[] RecipientsOf(ActionInput input, JsonElement? renoter, JsonElement note)
    {
        var people = Audience.Of(note) == "specified"
            ? Audience.Readers(note)
            : new[] { NoteReading.AuthorId(note), renoter?.GetText("id") }.OfType<string>();
        return [.. people.Where(id => id != input.Event.MeId && Ids.IsValid(id)).Distinct(StringComparer.Ordinal)];
    }

    private static string NameOf(JsonElement? renoter, JsonElement note) =>
        ((renoter ?? note.FindObject("user")) is { } user ? NoteReading.Mention(user) : null) ?? $"note {note.GetText("id")}";
}

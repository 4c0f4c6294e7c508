using System.Globalization;
using System.Text;
using MisskeyAutomations.Sandbox.Api;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Acts;

/// <summary>Reactions: one per account and note; none of it fires a webhook. All under the lock of the state.</summary>
internal sealed class Reacting(WorldState state)
{
    private const string Fallback = "❤";

    public Refusal? Create(Account user, Note note, string asked)
    {
        const string Endpoint = "notes/reactions/create";
        if (note.Author.Blocking.ContainsKey(user.Id))
        {
            return Refusals.Of(Endpoint, "YOU_HAVE_BEEN_BLOCKED");
        }
        if (!WorldState.IsVisible(note, user))
        {
            return Refusals.NoteNotAccessible;
        }
        if (note.IsPureRenote)
        {
            return Refusals.Of(Endpoint, "CANNOT_REACT_TO_RENOTE");
        }
        var reaction = note.ReactionAcceptance is "likeOnly" ? Fallback : Kept(asked);
        var former = note.Reactions.FindIndex(other => other.User == user);
        if (former >= 0)
        {
            if (string.Equals(note.Reactions[former].Type, reaction, StringComparison.Ordinal))
            {
                return Refusals.Of(Endpoint, "ALREADY_REACTED");
            }
            note.Reactions.RemoveAt(former);
        }
        note.Reactions.Add(new Reaction(state.NewId(), state.Now, user, reaction));
        state.Notify(note.Author, new Notification(state.NewId(), state.Now, "reaction") { User = user, Note = note, Reaction = reaction });
        return null;
    }

    public static Refusal? Delete(Account user, Note note) =>
        note.Reactions.RemoveAll(reaction => reaction.User == user) > 0 ? null : Refusals.Of("notes/reactions/delete", "NOT_REACTED");

    /// <summary>What is stored: a known custom emoji or a Unicode emoji; everything else becomes a heart.</summary>
    private string Kept(string asked)
    {
        if (asked is [':', .. var inner, ':'])
        {
            var name = inner.EndsWith("@.", StringComparison.Ordinal) ? inner[..^2] : inner;
            return state.CustomEmojis.Contains(name) ? $":{name}:" : Fallback;
        }
        if (!IsEmoji(asked))
        {
            return Fallback;
        }
        return asked.Contains('\u200D', StringComparison.Ordinal) ? asked : asked.Replace("\uFE0F", "", StringComparison.Ordinal);
    }

    private static bool IsEmoji(string text)
    {
        if (text.Length == 0 || new StringInfo(text).LengthInTextElements != 1)
        {
            return false;
        }
        return Rune.DecodeFromUtf16(text, out var first, out _) is System.Buffers.OperationStatus.Done
            && (first.Value >= 0x1F000 || first.Value is (>= 0x2030 and <= 0x2BFF) or 0x3030 or 0x303D or 0x3297 or 0x3299 or 0xA9 or 0xAE
                || text.EndsWith('\u20E3'));
    }
}

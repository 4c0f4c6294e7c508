using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>
/// Text of notes that are not public stays with those who could read it, unless the step says <c>allow-private: true</c>.
/// A mark says only that a text is private, not whose: it is taken to be the event's note's, where that note is private itself.
/// </summary>
internal static class PrivateText
{
    /// <summary>Why a step that lets such text out is skipped.</summary>
    public static readonly Preparation.Skip Refusal = new(
        "The text comes from a note that is not public, and this would show it to others. Add allow-private: true to the step if that is meant.");

    /// <summary>Whether a value holds such text anywhere.</summary>
    public static bool IsIn(Value value) => value.HoldsPrivate;

    /// <summary>Whether any of these arguments holds such text, and the step does not allow it.</summary>
    public static bool IsHeldBack(ActionInput input, params ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
        {
            if (!input.AllowPrivate && IsIn(input[argument]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether it may be said in answer to this note: to the event's own note (or, for a bare renote, what it renotes), where that is
    /// not public and holds no note that is more private still.
    /// </summary>
    public static bool MayAnswer(Event @event, JsonElement note) =>
        @event.Note is { } own
        && Audience.Of(own) != "public"
        && note.GetText("id") is { } id
        && (own.GetText("id") == id || (own.IsPureRenote() && own.GetText("renoteId") == id))
        && !HoldsNarrower(own, Audience.Of(note));

    /// <summary>Whether all of these people could read the event's note anyway.</summary>
    public static bool MayReach(Event @event, IEnumerable<string> userIds) =>
        @event.Note is { } own
        && Audience.Of(own) != "public"
        && !HoldsNarrower(own, Audience.Of(own))
        && userIds.All(Audience.Readers(own).Append(@event.MeId).Contains);

    private static bool HoldsNarrower(JsonElement note, string visibility) =>
        new[] { note.FindObject("reply"), note.FindObject("renote") }.Any(inner =>
            inner is { } held && (Audience.IsWider(visibility, Audience.Of(held)) || HoldsNarrower(held, visibility)));
}

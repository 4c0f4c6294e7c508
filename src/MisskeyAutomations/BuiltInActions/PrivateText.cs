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
    /// not public and holds no note that is more private still; or to a reply that the run waited for. What was said in a reply stays
    /// with those who read it; what the run only remembers stays with nobody knows whom, so it goes nowhere.
    /// </summary>
    public static bool MayAnswer(ActionInput input, JsonElement note) =>
        !KnowsForeign(input)
        && note.GetText("id") is { } id
        && (IsOwn(input.Event, note, id) || input.Heard.Any(heard => heard.GetText("id") == id && !HoldsNarrower(heard, Audience.Of(heard))))
        && Sources(input).All(source => IsSame(source, id) || MayRead(source, note, input.Event.MeId));

    /// <summary>Whether all of these people could read the event's note, and what the run heard, anyway.</summary>
    public static bool MayReach(ActionInput input, IEnumerable<string> userIds) =>
        !KnowsForeign(input)
        && Sources(input).Any()
        && Sources(input).All(source => !HoldsNarrower(source, Audience.Of(source))
            && userIds.All(Audience.Readers(source).Append(input.Event.MeId).Contains));

    private static bool KnowsForeign(ActionInput input) =>
        input.KnowsPrivateState || input.Arguments.Values.Any(value => value.PrivateMarks.HasFlag(ValueMarks.Foreign));

    private static bool IsOwn(Event happening, JsonElement note, string id) =>
        happening.Note is { } own && Audience.Of(own) != "public" && IsSame(own, id) && !HoldsNarrower(own, Audience.Of(note));

    private static bool IsSame(JsonElement source, string id) =>
        source.GetText("id") == id || (source.IsPureRenote() && source.GetText("renoteId") == id);

    // The notes that a private text can come from.
    private static IEnumerable<JsonElement> Sources(ActionInput input) =>
        (input.Event.Note is { } own ? input.Heard.Prepend(own) : input.Heard).Where(source => Audience.Of(source) != "public" || HoldsNarrower(source, "public"));

    // Whether all who see the one note may see the other as well: those to whom a direct note is addressed are known, and what one
    // person said to the same circle twice is for the same people.
    private static bool MayRead(JsonElement source, JsonElement answered, string? me) =>
        !HoldsNarrower(source, Audience.Of(source))
        && (Audience.Of(answered) == "specified"
            ? Audience.Readers(answered).All(Audience.Readers(source).Append(me).Contains)
            : Audience.Of(answered) == Audience.Of(source) && NoteReading.AuthorId(answered) == NoteReading.AuthorId(source));

    private static bool HoldsNarrower(JsonElement note, string visibility) =>
        new[] { note.FindObject("reply"), note.FindObject("renote") }.Any(inner =>
            inner is { } held && (Audience.IsWider(visibility, Audience.Of(held)) || HoldsNarrower(held, visibility)));
}

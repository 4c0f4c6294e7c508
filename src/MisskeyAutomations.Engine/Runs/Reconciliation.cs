using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Decides what became of a post by what Misskey shows: pure. Of equal posts each owns one note, and none is called absent while another
/// one's request may still come, for the note that then appears may be anybody's.
/// </summary>
public static class Reconciliation
{
    /// <summary>The reason of a step that is done because its note was found.</summary>
    public const string FoundThere = "it was sent, unconfirmed, and found there";

    /// <summary>The reason of a step that a server answered with another step's note.</summary>
    public const string SameNote = "the server took it for a repetition of an equal post within a minute, and made no second note";

    /// <summary>What a look comes to.</summary>
    /// <param name="step">The uncertain step.</param>
    /// <param name="notes">The account's own notes that were seen, each once.</param>
    /// <param name="kin">Asked after the look.</param>
    /// <param name="lookedAt">When the look began.</param>
    /// <param name="times">When to look.</param>
    public static Finding Judge(Step step, IReadOnlyList<JsonElement> notes, Kin kin, DateTimeOffset lookedAt, LookTimes times)
    {
        var asked = NoteLikeness.OfRequest(step.Intent!.Body);
        var twins = kin.OnTheirWay.Where(other => NoteLikeness.OfRequest(other.Intent!.Body) == asked).ToList();
        var isTwinOnItsWay = twins.Exists(twin => twin.State == StepState.Intended);
        var same = notes.Where(note => NoteLikeness.OfNote(note) == asked).ToList();
        var free = same.Where(note => !kin.Makers.ContainsKey(IdOf(note))).OrderBy(IdOf, StringComparer.Ordinal).ToList();
        if (free.Count > 0 && !isTwinOnItsWay)
        {
            return new Finding.Found(free[0], IdOf(free[0]));
        }

        var hidden = notes.Where(note => NoteLikeness.IsHidden(note) && asked.MayBe(note) && !kin.Makers.ContainsKey(IdOf(note))).ToList();
        if (hidden.Count > 0)
        {
            return hidden is [var only] && twins.Count == 0 ? new Finding.Found(only, IdOf(only))
                : new Finding.Unclear($"{hidden.Count} notes that are not shown whole may be it");
        }

        var last = twins.Select(twin => twin.At)
            .Concat(same.Select(note => kin.Makers.GetValueOrDefault(IdOf(note))).OfType<Maker>().Where(maker => !maker.WasAnswered).Select(maker => maker.At))
            .Append(step.At).Max();
        return free.Count == 0 && !isTwinOnItsWay && lookedAt >= last + times.Settle
            ? new Finding.Absent()
            : new Finding.Open(Later(times.Next(step.At, lookedAt), last + times.Settle, lookedAt));
    }

    /// <summary>The id of a note as Misskey shows it.</summary>
    internal static string IdOf(JsonElement note) => note.GetText("id")!;

    // Not before anything can have changed: what may be proven at a time is looked for then.
    private static DateTimeOffset Later(DateTimeOffset next, DateTimeOffset settled, DateTimeOffset lookedAt) =>
        settled > lookedAt && settled < next ? settled : next;
}

using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Whether a server refused because the event's own note or person is gone. That is nobody's mistake: the run is skipped, as it is when that
/// is found out after a wait, before anything is sent.
/// </summary>
internal static class Gone
{
    /// <summary>Who is gone, as a sentence for people; null when the refusal is about anything else.</summary>
    public static string? Because(Event happening, Intent intent, ActionOutcome.Rejected refusal) => refusal.Code switch
    {
        "NO_SUCH_NOTE" when IsAbout(intent, "noteId", happening.Note) => RunReasons.NoteGone,
        "NO_SUCH_REPLY_TARGET" when IsAbout(intent, "replyId", happening.Note) => RunReasons.NoteGone,
        "NO_SUCH_RENOTE_TARGET" when IsAbout(intent, "renoteId", happening.Note) => RunReasons.NoteGone,
        "NO_SUCH_USER" when IsAbout(intent, "userId", happening.User) => RunReasons.UserGone,
        _ => null,
    };

    private static bool IsAbout(Intent intent, string parameter, JsonElement? thing)
    {
        using var body = JsonDocument.Parse(intent.Body);
        return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.GetText(parameter) is { } id && id == thing?.GetText("id");
    }
}

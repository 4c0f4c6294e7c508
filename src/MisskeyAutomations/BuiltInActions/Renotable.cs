using System.Text.Json;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Whether a note may be renoted or quoted at all. Older servers answer a forbidden renote with a fault that looks passing.</summary>
internal static class Renotable
{
    /// <summary>Why not; null when it may.</summary>
    public static string? Refusal(JsonElement note, string? meId) => Audience.Of(note) switch
    {
        "specified" => "A direct note is not renoted or quoted: it was written for its recipients.",
        "followers" when NoteReading.AuthorId(note) != meId || meId is null => "Somebody else's followers-only note is not renoted or quoted.",
        _ => null,
    };
}

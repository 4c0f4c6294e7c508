using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Who can see a note. From the widest: <c>public home followers specified</c>.</summary>
internal static class Audience
{
    /// <summary>The four words that Misskey knows.</summary>
    public static bool IsKnown(string visibility) => visibility is "public" or "home" or "followers" or "specified";

    /// <summary>Whether the first is seen by more people than the second.</summary>
    public static bool IsWider(string visibility, string than) => Rank(visibility) > Rank(than);

    /// <summary>The narrower of both. A word that is not known yet counts as the narrowest.</summary>
    public static string Narrower(string one, string other)
    {
        var narrower = IsWider(one, other) ? other : one;
        return IsKnown(narrower) ? narrower : "specified";
    }

    /// <summary>How visible a note is; the narrowest when it does not say.</summary>
    public static string Of(JsonElement note) => Narrower(note.GetText("visibility") ?? "specified", "public");

    /// <summary>The ids of a note's author and of those it was addressed to: the people who surely may see it.</summary>
    public static IEnumerable<string> Readers(JsonElement note)
    {
        if (NoteReading.AuthorId(note) is { } author)
        {
            yield return author;
        }

        if (note.Find("visibleUserIds") is { ValueKind: JsonValueKind.Array } ids)
        {
            foreach (var id in ids.EnumerateArray().Where(id => id.ValueKind == JsonValueKind.String))
            {
                yield return id.GetString()!;
            }
        }
    }

    private static int Rank(string visibility) => visibility switch
    {
        "public" => 3,
        "home" => 2,
        "followers" => 1,
        _ => 0,
    };
}

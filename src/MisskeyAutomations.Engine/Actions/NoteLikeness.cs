using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Actions;

/// <summary>
/// What a note has in common with the request that made it, after all that Misskey does to it. Two requests of equal likeness make
/// notes that cannot be told apart. Visibility is left out: the server may narrow it.
/// </summary>
public sealed record NoteLikeness
{
    /// <summary>The endpoint that makes notes.</summary>
    public const string Endpoint = "notes/create";

    // Misskey cuts by UTF-16 units before it trims.
    private const int LongestText = 8192;

    // What JavaScript's trim() takes away; .NET's differs in U+0085 and U+FEFF.
    private const string Blank = "\t\n\v\f\r \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";

    private NoteLikeness()
    {
    }

    /// <summary>The note that it answers; null for none.</summary>
    public string? ReplyId { get; private init; }

    /// <summary>The note that it renotes or quotes; null for none.</summary>
    public string? RenoteId { get; private init; }

    /// <summary>The channel in which it stands; null for none.</summary>
    public string? ChannelId { get; private init; }

    /// <summary>Whether a note with this renote is a quote, and no bare renote, in the lists of Misskey.</summary>
    public bool IsQuote => RenoteId is not null && (Text.Length > 0 || Files > 0 || Choices.Length > 0);

    private string Text { get; init; } = "";

    private string? Cw { get; init; }

    private int Files { get; init; }

    private string Choices { get; init; } = "";

    /// <summary>Of a request to <see cref="Endpoint"/>.</summary>
    public static NoteLikeness OfRequest(string body)
    {
        using var document = JsonDocument.Parse(body);
        var asked = document.RootElement;
        var text = asked.GetText("text") ?? "";
        return Of(asked, text.Length > LongestText ? text[..LongestText] : text, asked.HasEntries("fileIds") ? "fileIds" : "mediaIds");
    }

    /// <summary>Of a note as Misskey shows it.</summary>
    public static NoteLikeness OfNote(JsonElement note) => Of(note, note.GetText("text") ?? "", "fileIds");

    /// <summary>The id of the note in what a step keeps of the answer to <see cref="Endpoint"/>; null when there is none.</summary>
    public static string? IdIn(string answer)
    {
        using var document = JsonDocument.Parse(answer);
        return (document.RootElement.FindObject("createdNote") ?? document.RootElement).GetText("id");
    }

    /// <summary>Whether what Misskey shows of a note leaves out its text, so that this alone may differ.</summary>
    public static bool IsHidden(JsonElement note) => note.IsTrue("isHidden");

    /// <summary>Whether a note that is not shown whole may be the one.</summary>
    public bool MayBe(JsonElement hidden) =>
        hidden.GetText("replyId") == ReplyId && hidden.GetText("renoteId") == RenoteId && hidden.GetText("channelId") == ChannelId;

    private static NoteLikeness Of(JsonElement json, string text, string files) => new()
    {
        ReplyId = json.GetText("replyId"),
        RenoteId = json.GetText("renoteId"),
        ChannelId = json.GetText("channelId"),
        Text = text.Trim(Blank.ToCharArray()),
        Cw = json.GetText("cw"),
        Files = json.Find(files) is { ValueKind: JsonValueKind.Array } ids ? ids.GetArrayLength() : 0,
        Choices = ChoicesIn(json),
    };

    private static string ChoicesIn(JsonElement json) => json.FindObject("poll")?.Find("choices") is { ValueKind: JsonValueKind.Array } choices
        ? string.Join('\0', choices.EnumerateArray().Select(choice => choice.ValueKind == JsonValueKind.String ? choice.GetString() : choice.GetText("text")))
        : "";
}

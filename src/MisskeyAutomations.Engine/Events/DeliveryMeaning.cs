using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>
/// What a delivery says, whichever source brought it. Webhooks wrap a note or user; the stream and the list of notifications give them
/// bare, or inside of a notification.
/// </summary>
internal readonly record struct DeliveryMeaning
{
    private static readonly string[] NoteTypes = ["note", "reply", "renote", "mention"];
    private static readonly string[] UserTypes = ["follow", "followed", "unfollow", "followRequest", "followRequestAccepted", "unfollowed"];
    private static readonly string[] ReportTypes = ["abuseReport", "abuseReportResolved", "reportAutoResolved"];

    /// <summary>The type in the rules' words; <c>timeline:home</c> and the like for a note that passed somewhere.</summary>
    public required string Type { get; init; }

    public JsonElement? Note { get; init; }

    public JsonElement? User { get; init; }

    public JsonElement? Report { get; init; }

    /// <summary>The reaction as <c>react:</c> takes it.</summary>
    public string? Reaction { get; init; }

    /// <summary>The rule that the clock rang for.</summary>
    public string? ForRule { get; init; }

    /// <summary>Whether the note tells by itself what it means for the account: reply, mention, renote.</summary>
    public bool IsOfNote => NoteTypes.Contains(Type);

    /// <summary>Whether the note passed at a place that the account looks at, whoever wrote it.</summary>
    public bool IsPlace { get; private init; }

    /// <summary>Whether it is about somebody, who may do the same again.</summary>
    public bool IsOfUser => UserTypes.Contains(Type);

    public bool IsOfReport => ReportTypes.Contains(Type);

    /// <summary>Whether a type of this kind without its note, user or report cannot be acted on.</summary>
    public bool LacksItsMatter => Type switch
    {
        "reaction" => IdOf(Note) is null || IdOf(User) is null || Reaction is null,
        "pollEnded" => IdOf(Note) is null,
        "userCreated" => IdOf(User) is null,
        _ when IsOfNote || IsPlace => IdOf(Note) is null,
        _ when IsOfUser => IdOf(User) is null,
        _ => IsOfReport && IdOf(Report) is null,
    };

    public static DeliveryMeaning Of(JsonElement envelope, string source)
    {
        var type = envelope.GetText("type") ?? "";
        var body = envelope.Find("body") ?? default;
        return source switch
        {
            "cron" => new() { Type = "cron", ForRule = body.GetText("rule") },
            "webhook" => OfWebhook(type, body),
            _ when envelope.GetText("place") is { } place => new() { Type = place, IsPlace = true, Note = Bare(body, "note") },
            _ when type == "notification" => OfNotification(body),
            _ => OfStream(type, body),
        };
    }

    private static DeliveryMeaning OfWebhook(string type, JsonElement body)
    {
        var meaning = new DeliveryMeaning { Type = type };
        return type switch
        {
            "userCreated" => meaning with { User = Entity(body) },
            "abuseReport" or "abuseReportResolved" => meaning with { Report = Entity(body), User = body.FindObject("targetUser") },
            "reportAutoResolved" => meaning with { Report = body.FindObject("report") },
            _ => OfStream(type, body),
        };
    }

    // A notification names what happened in words of its own.
    private static DeliveryMeaning OfNotification(JsonElement body)
    {
        var type = body.GetText("type") switch
        {
            "follow" => "followed",
            "quote" => "renote",
            "receiveFollowRequest" => "followRequest",
            var other => other ?? "notification",
        };
        return OfStream(type, body);
    }

    private static DeliveryMeaning OfStream(string type, JsonElement body)
    {
        var meaning = new DeliveryMeaning { Type = type == "receiveFollowRequest" ? "followRequest" : type };
        return meaning.IsOfNote ? meaning with { Note = Bare(body, "note") }
            : meaning.IsOfUser ? meaning with { User = Bare(body, "user") }
            : meaning.Type == "pollEnded" ? meaning with { Note = body.FindObject("note") }
            : meaning.Type == "reaction" ? meaning with { Note = body.FindObject("note"), User = body.FindObject("user"), Reaction = Spell(body.GetText("reaction")) }
            : meaning;
    }

    private static JsonElement? Bare(JsonElement body, string name) => body.FindObject(name) ?? Entity(body);

    private static JsonElement? Entity(JsonElement body) => body.GetText("id") is not null ? body : null;

    private static string? IdOf(JsonElement? entity) => entity?.GetText("id") is { Length: > 0 } id ? id : null;

    // `:star:` and `:star@.:` are custom emoji of this server; `:star@host:` is one of another, which this server may not have.
    private static string? Spell(string? reaction) => reaction is [':', _, .., ':']
        ? reaction.EndsWith("@.:", StringComparison.Ordinal) ? reaction[1..^3] : reaction[1..^1] : reaction;
}

using System.Text.Json;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Tests.BuiltInActions;

/// <summary>Events, arguments and what steps make of them. The account is alice (id <c>alice1</c>), the other one bob.</summary>
internal static class Some
{
    public const string Me = "alice1";

    /// <summary>A note as Misskey sends it; what is not given has ordinary values.</summary>
    public static JsonElement Note(
        string id = "n1", string? text = "hi", string visibility = "public", string author = "bob1", string username = "bob", string? host = null,
        string? cw = null, string[]? visibleUserIds = null, bool localOnly = false, string? channelId = null, bool allowRenoteToExternal = true,
        JsonElement? reply = null, JsonElement? renote = null, string? replyId = null, string? renoteId = null) => JsonSerializer.SerializeToElement(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = id,
            ["userId"] = author,
            ["user"] = new { id = author, username, host, name = username },
            ["text"] = text,
            ["cw"] = cw,
            ["visibility"] = visibility,
            ["visibleUserIds"] = visibleUserIds,
            ["localOnly"] = localOnly,
            ["channelId"] = channelId,
            ["channel"] = channelId is null ? null : new { id = channelId, allowRenoteToExternal },
            ["reply"] = reply,
            ["replyId"] = replyId ?? reply?.GetText("id"),
            ["renote"] = renote,
            ["renoteId"] = renoteId ?? renote?.GetText("id"),
            ["fileIds"] = Array.Empty<string>(),
        });

    /// <summary>A bare renote of one of alice's notes by bob.</summary>
    public static JsonElement PureRenote(JsonElement? of = null, string visibility = "public", string username = "bob", string? host = null) =>
        Note(id: "rn1", text: null, visibility: visibility, username: username, host: host, renote: of ?? Note(id: "mine1", author: Me, username: "alice"));

    /// <summary>An event that brought this note, or none.</summary>
    public static Event Event(JsonElement? note = null, string type = "mention") => new()
    {
        Account = "main",
        Id = "e1",
        Types = [type],
        Subject = new Subject("note:x", Recurs: false),
        CreatedAt = DateTimeOffset.UnixEpoch,
        Source = "webhook",
        Standing = EventStanding.Genuine,
        Server = "https://misskey.example",
        MeId = Me,
        Body = default,
        Note = note,
        User = note is { } given && given.GetText("userId") != Me ? given.FindObject("user") : note is null ? JsonSerializer.SerializeToElement(new { id = "bob1", username = "bob" }) : null,
    };

    /// <summary>A text that the rule file wrote.</summary>
    public static Value Text(string text) => Value.Of(text, ValueMarks.Markup);

    /// <summary>A text of an event.</summary>
    public static Value Data(string text, bool isPrivate = false) => Value.Of(text, isPrivate ? ValueMarks.Private : ValueMarks.None);

    /// <summary>A text with a hole.</summary>
    public static Value Mixed(string before, string data, string after = "", bool isPrivate = false) => Value.Of(
        MarkedText.Join(MarkedText.Of(before, isMarkup: true), MarkedText.Of(data, isMarkup: false), MarkedText.Of(after, isMarkup: true)),
        isPrivate ? ValueMarks.Private : ValueMarks.None);

    public static Value Json(string json, ValueMarks marks = ValueMarks.None) => Value.From(JsonElement.Parse(json), marks);

    public static ActionInput Input(Event @event, Value main, params (string Option, Value Value)[] options) => new()
    {
        Event = @event,
        Arguments = options.Append((Option: "", Value: main)).ToDictionary(option => option.Option, option => option.Value, StringComparer.Ordinal),
        Defaults = new ActionDefaults(),
        Scope = new Scope { Server = @event.Server },
    };

    /// <summary>Prepares a step by its name.</summary>
    public static Preparation Prepare(string action, ActionInput input) =>
        ActionTable.Offline().Single(row => row.Descriptor.Name == action).Prepare(input);

    public static Preparation Prepare(string action, Event @event, Value main, params (string Option, Value Value)[] options) =>
        Prepare(action, Input(@event, main, options));

    public static Intent Intent(string action, ActionInput input) => Assert.IsType<Preparation.Ready>(Prepare(action, input)).Intent;

    public static Intent Intent(string action, Event @event, Value main, params (string Option, Value Value)[] options) =>
        Intent(action, Input(@event, main, options));

    extension(Intent intent)
    {
        public JsonElement Json => JsonElement.Parse(intent.Body);

        public string? Text => intent.Json.GetText("text");

        public string? Visibility => intent.Json.GetText("visibility");

        public string[] Recipients => intent.Json.Find("visibleUserIds") is { } ids ? [.. ids.EnumerateArray().Select(id => id.GetString()!)] : [];
    }

    extension(Preparation preparation)
    {
        public string SkipReason => Assert.IsType<Preparation.Skip>(preparation).Reason;

        public string InvalidReason => Assert.IsType<Preparation.Invalid>(preparation).Reason;
    }
}

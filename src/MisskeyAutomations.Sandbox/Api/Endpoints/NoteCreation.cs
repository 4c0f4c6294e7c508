using System.Text.Json;
using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary><c>notes/create</c>.</summary>
internal sealed class NoteCreation(Posting posting, RepeatedNotes repeated, SandboxFlavour flavour)
{
    private static readonly string[] Visibilities = ["public", "home", "followers", "specified"];

    private static readonly string[] Acceptances =
        ["likeOnly", "likeOnlyForRemote", "nonSensitiveOnly", "nonSensitiveOnlyForLocalLikeOnlyForRemote"];

    /// <summary>A hundred years in milliseconds: what is longer would leave the range of .NET's times.</summary>
    private const long LongestPoll = 3_155_760_000_000;

    /// <summary>What is asked of the text when nothing else would make a note of it.</summary>
    private static readonly Text NeededText = new("text", 1, 3000) { NotBlank = true };

    private static readonly Parameter[] PollParameters =
    [
        new Many("choices", new Text("", 1, 50), 2, 10) { Required = true },
        Flag("multiple"),
        new Number("expiresAt") { Nullable = true },
        new Number("expiredAfter", 1) { Nullable = true },
    ];

    public IEnumerable<ApiEndpoint> All =>
    [
        new("notes/create", Create)
        {
            Kind = "write:notes",
            Limit = CallLimit.PerHour(300),
            Constraint = CheckTextIsEnough,
            Begin = request => flavour is SandboxFlavour.Upstream || repeated.Begin(request),
            Parameters =
            [
                new Text("visibility") { Allowed = Visibilities },
                new Many("visibleUserIds", Id("")),
                new Text("cw", 1, 100) { Nullable = true },
                Flag("localOnly"),
                new Text("reactionAcceptance") { Allowed = Acceptances, Nullable = true },
                Flag("noExtractMentions"), Flag("noExtractHashtags"), Flag("noExtractEmojis"), Flag("noCreatedNote"),
                Id("replyId", nullable: true), Id("renoteId", nullable: true), Id("channelId", nullable: true),
                new Text("text", 1, 3000) { Nullable = true },
                new Many("fileIds", Id(""), 1, 16),
                new Many("mediaIds", Id(""), 1, 16),
                new Nested("poll", PollParameters) { Nullable = true },
            ],
        },
    ];

    private static Violation? CheckTextIsEnough(JsonElement body)
    {
        foreach (var alternative in (ReadOnlySpan<string>)["renoteId", "fileIds", "mediaIds", "poll"])
        {
            if (body.TryGetProperty(alternative, out var value) && value.ValueKind is not JsonValueKind.Null)
            {
                return null;
            }
        }
        return body.TryGetProperty("text", out var text)
            ? NeededText.Check(text, "#/then/properties/text")
            : new Violation("#/then/required", "must have required property 'text'");
    }

    private Refusal? Create(ApiRequest request)
    {
        if (flavour is SandboxFlavour.Upstream)
        {
            return Answer(request, posting.Create(request.Me, Draft(request)));
        }
        if (!request.IsBegun && repeated.Find(request) is { } earlier)
        {
            return Answer(request, (earlier.Note, Refusals.Of("notes/create", "PROCESSING")));
        }
        var outcome = posting.Create(request.Me, Draft(request));
        repeated.Remember(request, outcome.Note);
        return request.Flag("noCreatedNote") ? outcome.Refusal : Answer(request, outcome);
    }

    private static Refusal? Answer(ApiRequest request, (Note? Note, Refusal? Refusal) outcome)
    {
        if (outcome.Note is null)
        {
            return outcome.Refusal;
        }
        request.Json.WriteStartObject();
        request.Json.WritePropertyName("createdNote");
        NoteJson.Write(request.Json, outcome.Note, request.Me);
        request.Json.WriteEndObject();
        return null;
    }

    private static NoteDraft Draft(ApiRequest request)
    {
        var files = request.Texts("fileIds");
        return new NoteDraft
        {
            Text = request.Text("text"),
            Cw = request.Text("cw"),
            Visibility = JsonWriting.Visibility(request.Text("visibility")),
            VisibleUserIds = request.Texts("visibleUserIds"),
            LocalOnly = request.Flag("localOnly"),
            ReactionAcceptance = request.Text("reactionAcceptance"),
            NoExtractMentions = request.Flag("noExtractMentions"),
            NoExtractHashtags = request.Flag("noExtractHashtags"),
            ReplyId = request.Text("replyId"),
            RenoteId = request.Text("renoteId"),
            ChannelId = request.Text("channelId"),
            FileIds = files.Length > 0 ? files : request.Texts("mediaIds"),
            Poll = request.Has("poll") ? Poll(request.Body.GetProperty("poll")) : null,
        };
    }

    private static PollDraft Poll(JsonElement poll) =>
        new([.. poll.GetProperty("choices").EnumerateArray().Select(choice => choice.GetString()!)])
        {
            Multiple = poll.TryGetProperty("multiple", out var multiple) && multiple.ValueKind is JsonValueKind.True,
            ExpiresAt = ApiRequest.Time(Integer(poll, "expiresAt")),
            ExpiredAfter = Integer(poll, "expiredAfter") is { } milliseconds ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestPoll)) : null,
        };

    private static long? Integer(JsonElement poll, string name) =>
        poll.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetInt64() : null;
}

using System.Text.Json;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary><c>users/*</c> but for lists.</summary>
internal sealed class UserEndpoints(WorldState state)
{
    public IEnumerable<ApiEndpoint> All =>
    [
        new("users/show", Show)
        {
            Anonymous = true,
            Parameters = [Id("userId"), new Many("userIds", Id("")), new Text("username"), new Text("host") { Nullable = true }, Flag("detailed")],
            Constraint = body => body.TryGetProperty("userId", out _) || body.TryGetProperty("userIds", out _) || body.TryGetProperty("username", out _)
                ? null
                : new Violation("#/anyOf/0/required", "must have required property 'userId'"),
        },
        new("users/relation", Relation)
        {
            Kind = "read:account",
            Constraint = body => body.TryGetProperty("userId", out var ids) && ids.ValueKind is JsonValueKind.Array
                ? new Many("userId", Id("")) { Unique = false }.Check(ids, "#/properties/userId/anyOf/1")
                : Id("userId").CheckIn(body),
            Parameters = [new Anything("userId") { Required = true }],
        },
        new("users/notes", Notes)
        {
            Anonymous = true,
            Parameters = [Id("userId", required: true), .. Paging(), new Number("sinceDate"), new Number("untilDate"), Flag("allowPartial"),
                Flag("withReplies"), Flag("withRenotes"), Flag("withChannelNotes"), Flag("withFiles")],
        },
        new("users/followers", Followers) { Anonymous = true, Parameters = [Id("userId"), new Text("username"), .. Paging()] },
        new("users/following", Following) { Anonymous = true, Parameters = [Id("userId"), new Text("username"), .. Paging()] },
        new("users/report-abuse", ReportAbuse)
        {
            Kind = "write:report-abuse",
            Parameters = [Id("userId", required: true), new Text("comment", 1, 2048) { Required = true }],
        },
    ];

    private Refusal? Show(ApiRequest request)
    {
        if (request.Has("userIds"))
        {
            var users = request.Texts("userIds").Select(state.Account).OfType<Account>().Where(user => !user.IsSuspended);
            request.WriteArray(users, user => Write(request, user));
            return null;
        }
        if (request.Text("host") is { } host && !host.Equals(state.Host, StringComparison.OrdinalIgnoreCase))
        {
            return Refusals.Of("users/show", "FAILED_TO_RESOLVE_REMOTE_USER");
        }
        if (Find(request) is not { } user)
        {
            return Refusals.Of("users/show", "NO_SUCH_USER");
        }
        if (user.IsSuspended)
        {
            return Refusals.Of("users/show", "USER_SUSPENDED");
        }
        Write(request, user);
        return null;
    }

    private static void Write(ApiRequest request, Account user)
    {
        if (request.Flag("detailed", byDefault: true))
        {
            UserJson.WriteDetailed(request.Json, user, request.Caller);
        }
        else
        {
            UserJson.WriteLite(request.Json, user);
        }
    }

    /// <summary>An array even for one id; an id nobody has is answered as a stranger.</summary>
    private Refusal? Relation(ApiRequest request)
    {
        var asked = request.Body.GetProperty("userId");
        var ids = asked.ValueKind is JsonValueKind.Array ? request.Texts("userId") : [asked.GetString()!];
        request.WriteArray(ids, id =>
        {
            var json = request.Json;
            json.WriteStartObject();
            json.WriteString("id", id);
            WriteFollowing(json, request.Me.Following.GetValueOrDefault(id));
            UserJson.WriteRelation(json, state.Account(id) ?? Stranger(id), request.Me);
            json.WriteEndObject();
        });
        return null;
    }

    private static Account Stranger(string id) => new(id, "", "", "", default);

    private static void WriteFollowing(Utf8JsonWriter json, Follow? follow)
    {
        if (follow is null)
        {
            json.WriteNull("following");
            return;
        }
        json.WriteStartObject("following");
        ThingJson.WriteFollow(json, follow);
        json.WriteBoolean("isFollowerHibernated", false);
        json.WriteBoolean("withReplies", follow.WithReplies);
        json.WriteNull("notify");
        foreach (var end in (ReadOnlySpan<string>)["follower", "followee"])
        {
            json.WriteNull(end + "Host");
            json.WriteNull(end + "Inbox");
            json.WriteNull(end + "SharedInbox");
        }
        json.WriteEndObject();
    }

    private Refusal? Notes(ApiRequest request)
    {
        var withReplies = request.Flag("withReplies");
        var withRenotes = request.Flag("withRenotes", byDefault: true);
        var withChannelNotes = request.Flag("withChannelNotes");
        var withFiles = request.Flag("withFiles");
        bool IsWanted(Note note) =>
            state.IsListed(note, request.Caller, ofAuthor: true)
            && (withReplies || note.Reply is null || note.Reply.Author == note.Author)
            && (withRenotes || !note.IsPureRenote)
            && (withChannelNotes || note.Channel is null)
            && (!withFiles || note.Files.Count > 0);

        IReadOnlyList<Note> notes = state.Account(request.Text("userId"))?.Notes ?? [];
        request.WriteArray(request.Page(notes, note => note.Id, IsWanted), note => NoteJson.Write(request.Json, note, request.Caller));
        return null;
    }

    private Refusal? Followers(ApiRequest request) =>
        Find(request) is { } user
            ? WriteFollows(request, user.Followers.Values, "follower", follow => follow.Follower)
            : Refusals.Of("users/followers", "NO_SUCH_USER");

    private Refusal? Following(ApiRequest request) =>
        Find(request) is { } user
            ? WriteFollows(request, user.Following.Values, "followee", follow => follow.Followee)
            : Refusals.Of("users/following", "NO_SUCH_USER");

    private static Refusal? WriteFollows(ApiRequest request, IReadOnlyList<Follow> follows, string end, Func<Follow, Account> user)
    {
        request.WriteArray(request.Page(follows, follow => follow.Id), follow =>
        {
            request.Json.WriteStartObject();
            ThingJson.WriteFollow(request.Json, follow);
            request.Json.WritePropertyName(end);
            UserJson.WriteDetailed(request.Json, user(follow), request.Caller);
            request.Json.WriteEndObject();
        });
        return null;
    }

    private Refusal? ReportAbuse(ApiRequest request)
    {
        if (state.Account(request.Text("userId")) is not { } user)
        {
            return Refusals.Of("users/report-abuse", "NO_SUCH_USER");
        }
        if (user == request.Me)
        {
            return Refusals.Of("users/report-abuse", "CANNOT_REPORT_YOURSELF");
        }
        state.Reports.Add(new AbuseReport(state.NewId(), state.Now, request.Me, user, request.Text("comment")!));
        return null;
    }

    private Account? Find(ApiRequest request) =>
        request.Text("userId") is { } id ? state.Account(id) : state.AccountsByName.GetValueOrDefault(request.Text("username") ?? "");
}

using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary><c>following/*</c>, <c>blocking/*</c>, <c>mute/*</c>, <c>renote-mute/*</c>.</summary>
internal sealed class RelationEndpoints(WorldState state, Following following)
{
    private delegate Refusal? Deed(ApiRequest request, Account target);

    public IEnumerable<ApiEndpoint> All =>
    [
        On("following/create", "write:following", (request, user) => WriteLite(request, user, following.Create(request.Me, user, request.Flag("withReplies"))))
            with { Limit = CallLimit.PerHour(100), Parameters = [Id("userId", required: true), Flag("withReplies")] },
        On("following/delete", "write:following", (request, user) => WriteLite(request, user, following.Delete(request.Me, user)))
            with { Limit = CallLimit.PerHour(100) },
        On("following/invalidate", "write:following", (request, user) => WriteLite(request, user, following.Invalidate(request.Me, user)))
            with { Limit = CallLimit.PerHour(100) },
        On("following/requests/accept", "write:following", (request, user) => following.AcceptRequest(request.Me, user)),
        On("following/requests/reject", "write:following", Reject),
        On("following/requests/cancel", "write:following", (request, user) => WriteLite(request, user, Following.CancelRequest(request.Me, user))),
        new("following/requests/list", ListRequests) { Kind = "read:following", Parameters = [.. Paging()] },

        On("blocking/create", "write:blocks", (request, user) => WriteDetailed(request, user, following.Block(request.Me, user)))
            with { Limit = CallLimit.PerHour(20) },
        On("blocking/delete", "write:blocks", (request, user) => WriteDetailed(request, user, Following.Unblock(request.Me, user)))
            with { Limit = CallLimit.PerHour(100) },
        new("blocking/list", request => List(request, request.Me.Blocking, "blockee", expires: false)) { Kind = "read:blocks", Parameters = [.. Paging()] },

        On("mute/create", "write:mutes", (request, user) => Mute("mute/create", request, request.Me.Muting, user))
            with { Limit = CallLimit.PerHour(20), Parameters = [Id("userId", required: true), new Number("expiresAt") { Nullable = true }] },
        On("mute/delete", "write:mutes", (request, user) => Unmute("mute/delete", request.Me, request.Me.Muting, user)),
        new("mute/list", request => List(request, request.Me.Muting, "mutee", expires: true)) { Kind = "read:mutes", Parameters = [.. Paging()] },
        On("renote-mute/create", "write:mutes", (request, user) => Mute("renote-mute/create", request, request.Me.RenoteMuting, user))
            with { Limit = CallLimit.PerHour(20) },
        On("renote-mute/delete", "write:mutes", (request, user) => Unmute("renote-mute/delete", request.Me, request.Me.RenoteMuting, user)),
        new("renote-mute/list", request => List(request, request.Me.RenoteMuting, "mutee", expires: false)) { Kind = "read:mutes", Parameters = [.. Paging()] },
    ];

    /// <summary>An endpoint about one other account, given as <c>userId</c>.</summary>
    private ApiEndpoint On(string name, string kind, Deed deed) =>
        new(name, request => state.Account(request.Text("userId")) is { } user ? deed(request, user) : Refusals.Of(name, "NO_SUCH_USER"))
        {
            Kind = kind,
            Parameters = [Id("userId", required: true)],
        };

    private static Refusal? WriteLite(ApiRequest request, Account user, Refusal? refusal)
    {
        if (refusal is null)
        {
            UserJson.WriteLite(request.Json, user);
        }
        return refusal;
    }

    private static Refusal? WriteDetailed(ApiRequest request, Account user, Refusal? refusal)
    {
        if (refusal is null)
        {
            UserJson.WriteDetailed(request.Json, user, request.Me);
        }
        return refusal;
    }

    private Refusal? Reject(ApiRequest request, Account follower)
    {
        following.RejectRequest(request.Me, follower);
        return null;
    }

    private static Refusal? ListRequests(ApiRequest request)
    {
        request.WriteArray(request.Page(request.Me.RequestsReceived.Values, pending => pending.Id), pending =>
        {
            request.Json.WriteStartObject();
            request.Json.WriteString("id", pending.Id);
            request.Json.WritePropertyName("follower");
            UserJson.WriteLite(request.Json, pending.Follower);
            request.Json.WritePropertyName("followee");
            UserJson.WriteLite(request.Json, pending.Followee);
            request.Json.WriteEndObject();
        });
        return null;
    }

    private static Refusal? List(ApiRequest request, OrderedDictionary<string, Relation> relations, string target, bool expires)
    {
        request.WriteArray(request.Page(relations.Values, relation => relation.Id), relation =>
        {
            request.Json.WriteStartObject();
            request.Json.WriteString("id", relation.Id);
            request.Json.WriteTime("createdAt", relation.CreatedAt);
            if (expires)
            {
                request.Json.WriteTime("expiresAt", relation.ExpiresAt);
            }
            request.Json.WriteString(target + "Id", relation.Target.Id);
            request.Json.WritePropertyName(target);
            UserJson.WriteDetailed(request.Json, relation.Target, request.Me);
            request.Json.WriteEndObject();
        });
        return null;
    }

    private Refusal? Mute(string endpoint, ApiRequest request, OrderedDictionary<string, Relation> muting, Account mutee)
    {
        if (request.Me == mutee)
        {
            return Refusals.Of(endpoint, "MUTEE_IS_YOURSELF");
        }
        var mute = new Relation(state.NewId(), state.Now, mutee)
        {
            ExpiresAt = ApiRequest.Time(request.Integer("expiresAt")),
        };
        return muting.TryAdd(mutee.Id, mute) ? null : Refusals.Of(endpoint, "ALREADY_MUTING");
    }

    private static Refusal? Unmute(string endpoint, Account muter, OrderedDictionary<string, Relation> muting, Account mutee)
    {
        if (muter == mutee)
        {
            return Refusals.Of(endpoint, "MUTEE_IS_YOURSELF");
        }
        return muting.Remove(mutee.Id) ? null : Refusals.Of(endpoint, "NOT_MUTING");
    }
}

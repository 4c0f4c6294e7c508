using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary>Reactions, favourites and votes.</summary>
internal sealed class ReactionEndpoints(WorldState state, Reacting reacting)
{
    public IEnumerable<ApiEndpoint> All =>
    [
        new("notes/reactions", List)
        {
            Anonymous = true,
            AllowsGet = true,
            Parameters = [Id("noteId", required: true), new Text("type") { Nullable = true }, .. Paging()],
        },
        new("notes/reactions/create", Create)
        {
            Kind = "write:reactions",
            Parameters = [Id("noteId", required: true), new Text("reaction") { Required = true }],
        },
        new("notes/reactions/delete", Delete)
        {
            Kind = "write:reactions",
            Limit = CallLimit.PerHour(60, secondsApart: 3),
            Parameters = [Id("noteId", required: true)],
        },
        new("notes/favorites/create", Favourite) { Kind = "write:favorites", Limit = CallLimit.PerHour(20), Parameters = [Id("noteId", required: true)] },
        new("notes/favorites/delete", Unfavourite) { Kind = "write:favorites", Parameters = [Id("noteId", required: true)] },
        new("i/favorites", ListFavourites) { Kind = "read:favorites", Parameters = [.. Paging()] },
        new("notes/polls/vote", Vote) { Kind = "write:votes", Parameters = [Id("noteId", required: true), new Number("choice") { Required = true }] },
    ];

    private Refusal? List(ApiRequest request)
    {
        if (Find(request) is not { } note)
        {
            return Refusals.Of("notes/reactions", "NO_SUCH_NOTE");
        }
        var type = request.Text("type");
        var page = request.Page(
            note.Reactions, reaction => reaction.Id, reaction => type is null || reaction.Type == type || NoteJson.Shown(reaction.Type) == type);
        request.WriteArray(page, reaction => ThingJson.WriteReaction(request.Json, reaction));
        return null;
    }

    private Refusal? Create(ApiRequest request) =>
        Find(request) is { } note
            ? reacting.Create(request.Me, note, request.Text("reaction")!)
            : Refusals.Of("notes/reactions/create", "NO_SUCH_NOTE");

    private Refusal? Delete(ApiRequest request) =>
        Find(request) is { } note ? Reacting.Delete(request.Me, note) : Refusals.Of("notes/reactions/delete", "NO_SUCH_NOTE");

    private Refusal? Favourite(ApiRequest request)
    {
        if (Find(request) is not { } note)
        {
            return Refusals.Of("notes/favorites/create", "NO_SUCH_NOTE");
        }
        return request.Me.Favourites.TryAdd(note.Id, new Favourite(state.NewId(), state.Now, note)) ? null : Refusals.Of("notes/favorites/create", "ALREADY_FAVORITED");
    }

    private Refusal? Unfavourite(ApiRequest request)
    {
        if (Find(request) is not { } note)
        {
            return Refusals.Of("notes/favorites/delete", "NO_SUCH_NOTE");
        }
        return request.Me.Favourites.Remove(note.Id) ? null : Refusals.Of("notes/favorites/delete", "NOT_FAVORITED");
    }

    private Refusal? ListFavourites(ApiRequest request)
    {
        var page = request.Page(request.Me.Favourites.Values, favourite => favourite.Id, favourite => state.Note(favourite.Note.Id) is not null);
        request.WriteArray(page, favourite =>
        {
            request.Json.WriteStartObject();
            request.Json.WriteString("id", favourite.Id);
            request.Json.WriteTime("createdAt", favourite.CreatedAt);
            request.Json.WriteString("noteId", favourite.Note.Id);
            request.Json.WritePropertyName("note");
            NoteJson.Write(request.Json, favourite.Note, request.Me);
            request.Json.WriteEndObject();
        });
        return null;
    }

    private Refusal? Vote(ApiRequest request)
    {
        var choice = request.Integer("choice")!.Value;
        var code = Find(request) switch
        {
            null => "NO_SUCH_NOTE",
            { Poll: null } => "NO_POLL",
            { Author: var author } when author.Blocking.ContainsKey(request.Me.Id) => "YOU_HAVE_BEEN_BLOCKED",
            { Poll: { } poll } when poll.ExpiresAt < state.Now => "ALREADY_EXPIRED",
            { Poll: { } poll } when choice < 0 || choice >= poll.Choices.Count => "INVALID_CHOICE",
            { Poll: { } poll } when poll.Voters[choice].Contains(request.Me.Id) => "ALREADY_VOTED",
            { Poll: { Multiple: false } poll } when poll.Voters.Any(voters => voters.Contains(request.Me.Id)) => "ALREADY_VOTED",
            _ => null,
        };
        if (code is not null)
        {
            return Refusals.Of("notes/polls/vote", code);
        }
        Find(request)!.Poll!.Voters[choice].Add(request.Me.Id);
        return null;
    }

    private Note? Find(ApiRequest request) => state.Note(request.Text("noteId"));
}

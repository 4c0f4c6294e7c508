using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary>Clips and user lists.</summary>
internal sealed class CollectionEndpoints(WorldState state)
{
    public IEnumerable<ApiEndpoint> All =>
    [
        new("clips/create", CreateClip)
        {
            Kind = "write:account",
            Parameters = [new Text("name", 1, 100) { Required = true }, Flag("isPublic"), new Text("description", 0, 2048) { Nullable = true }],
        },
        new("clips/add-note", AddNote)
        {
            Kind = "write:account",
            Limit = CallLimit.PerHour(20),
            Parameters = [Id("clipId", required: true), Id("noteId", required: true)],
        },
        new("users/lists/create", CreateList) { Kind = "write:account", Parameters = [new Text("name", 1, 100) { Required = true }] },
        new("users/lists/push", Push)
        {
            Kind = "write:account",
            Limit = CallLimit.PerHour(30),
            Parameters = [Id("listId", required: true), Id("userId", required: true)],
        },
        new("users/lists/pull", Pull) { Kind = "write:account", Parameters = [Id("listId", required: true), Id("userId", required: true)] },
    ];

    private Refusal? CreateClip(ApiRequest request)
    {
        var clip = new Clip(state.NewId(), state.Now, request.Me, request.Text("name")!, request.Text("description"), request.Flag("isPublic"));
        state.Clips.Add(clip.Id, clip);
        ThingJson.WriteClip(request.Json, clip);
        return null;
    }

    private Refusal? AddNote(ApiRequest request)
    {
        const string Endpoint = "clips/add-note";
        if (state.Clips.GetValueOrDefault(request.Text("clipId")!) is not { } clip || clip.Owner != request.Me)
        {
            return Refusals.Of(Endpoint, "NO_SUCH_CLIP");
        }
        if (state.Note(request.Text("noteId")) is not { } note)
        {
            return Refusals.Of(Endpoint, "NO_SUCH_NOTE");
        }
        if (clip.Contents.Contains(note))
        {
            return Refusals.Of(Endpoint, "ALREADY_CLIPPED");
        }
        clip.Contents.Add(note);
        note.ClippedCount++;
        return null;
    }

    private Refusal? CreateList(ApiRequest request)
    {
        var list = new UserList(state.NewId(), state.Now, request.Me, request.Text("name")!);
        state.Lists.Add(list.Id, list);
        ThingJson.WriteList(request.Json, list);
        return null;
    }

    private Refusal? Push(ApiRequest request)
    {
        const string Endpoint = "users/lists/push";
        if (FindList(request) is not { } list)
        {
            return Refusals.Of(Endpoint, "NO_SUCH_LIST");
        }
        if (state.Account(request.Text("userId")) is not { } user)
        {
            return Refusals.Of(Endpoint, "NO_SUCH_USER");
        }
        if (user.Blocking.ContainsKey(request.Me.Id))
        {
            return Refusals.Of(Endpoint, "YOU_HAVE_BEEN_BLOCKED");
        }
        if (list.Members.Contains(user))
        {
            return Refusals.Of(Endpoint, "ALREADY_ADDED");
        }
        list.Members.Add(user);
        return null;
    }

    /// <summary>Taking out somebody who is not in the list is answered the same.</summary>
    private Refusal? Pull(ApiRequest request)
    {
        const string Endpoint = "users/lists/pull";
        if (FindList(request) is not { } list)
        {
            return Refusals.Of(Endpoint, "NO_SUCH_LIST");
        }
        if (state.Account(request.Text("userId")) is not { } user)
        {
            return Refusals.Of(Endpoint, "NO_SUCH_USER");
        }
        list.Members.Remove(user);
        return null;
    }

    private UserList? FindList(ApiRequest request) =>
        state.Lists.GetValueOrDefault(request.Text("listId")!) is { } list && list.Owner == request.Me ? list : null;
}

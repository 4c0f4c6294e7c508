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
        new("clips/list", ListClips) { Kind = "read:account" },
        new("clips/show", ShowClip) { Kind = "read:account", Anonymous = true, Parameters = [Id("clipId", required: true)] },
        new("clips/notes", ListNotes) { Kind = "read:account", Anonymous = true, Parameters = [Id("clipId", required: true), .. Paging()] },
        new("clips/add-note", AddNote)
        {
            Kind = "write:account",
            Limit = CallLimit.PerHour(20),
            Parameters = [Id("clipId", required: true), Id("noteId", required: true)],
        },
        new("users/lists/create", CreateList) { Kind = "write:account", Parameters = [new Text("name", 1, 100) { Required = true }] },
        new("users/lists/list", ListLists) { Kind = "read:account" },
        new("users/lists/show", ShowList) { Kind = "read:account", Parameters = [Id("listId", required: true)] },
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

    private Refusal? ListClips(ApiRequest request)
    {
        request.WriteArray([.. state.Clips.Values.Where(clip => clip.Owner == request.Me)], clip => ThingJson.WriteClip(request.Json, clip));
        return null;
    }

    private Refusal? ShowClip(ApiRequest request)
    {
        if (FindReadableClip(request) is not { } clip)
        {
            return Refusals.Of("clips/show", "NO_SUCH_CLIP");
        }
        ThingJson.WriteClip(request.Json, clip);
        return null;
    }

    private Refusal? ListNotes(ApiRequest request)
    {
        if (FindReadableClip(request) is not { } clip)
        {
            return Refusals.Of("clips/notes", "NO_SUCH_CLIP");
        }
        Note[] notes = [.. clip.Contents.OrderBy(note => note.Id, StringComparer.Ordinal)];
        var page = request.Page(notes, note => note.Id, note => WorldState.IsVisible(note, request.Caller));
        request.WriteArray(page, note => NoteJson.Write(request.Json, note, request.Caller));
        return null;
    }

    /// <summary>The own ones, and everybody's public ones.</summary>
    private Clip? FindReadableClip(ApiRequest request) =>
        state.Clips.GetValueOrDefault(request.Text("clipId")!) is { } clip && (clip.IsPublic || clip.Owner == request.Caller) ? clip : null;

    private Refusal? ListLists(ApiRequest request)
    {
        request.WriteArray([.. state.Lists.Values.Where(list => list.Owner == request.Me)], list => ThingJson.WriteList(request.Json, list));
        return null;
    }

    private Refusal? ShowList(ApiRequest request)
    {
        if (FindList(request) is not { } list)
        {
            return Refusals.Of("users/lists/show", "NO_SUCH_LIST");
        }
        ThingJson.WriteList(request.Json, list);
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

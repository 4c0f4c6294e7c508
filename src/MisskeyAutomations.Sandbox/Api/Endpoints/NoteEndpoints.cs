using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary><c>notes/*</c> but for posting and reactions.</summary>
internal sealed class NoteEndpoints(WorldState state, Posting posting)
{
    public IEnumerable<ApiEndpoint> All =>
    [
        new("notes/show", Show) { Anonymous = true, Parameters = [Id("noteId", required: true)] },
        new("notes/delete", Delete) { Kind = "write:notes", Limit = CallLimit.PerHour(300, secondsApart: 1), Parameters = [Id("noteId", required: true)] },
        new("notes/children", Children) { Anonymous = true, Parameters = [Id("noteId", required: true), .. Paging()] },
        new("notes/replies", Replies) { Anonymous = true, Parameters = [Id("noteId", required: true), .. Paging()] },
        new("notes/renotes", Renotes) { Anonymous = true, Parameters = [Id("noteId", required: true), .. Paging()] },
        new("notes/thread-muting/create", MuteThread) { Kind = "write:account", Limit = CallLimit.PerHour(10), Parameters = [Id("noteId", required: true)] },
        new("notes/thread-muting/delete", UnmuteThread) { Kind = "write:account", Parameters = [Id("noteId", required: true)] },
    ];

    /// <summary>An invisible note is answered too, with its text hidden.</summary>
    private Refusal? Show(ApiRequest request)
    {
        if (Find(request) is not { } note)
        {
            return Refusals.Of("notes/show", "NO_SUCH_NOTE");
        }
        NoteJson.Write(request.Json, note, request.Caller);
        return null;
    }

    private Refusal? Delete(ApiRequest request)
    {
        if (Find(request) is not { } note)
        {
            return Refusals.Of("notes/delete", "NO_SUCH_NOTE");
        }
        if (note.Author != request.Me)
        {
            return Refusals.Of("notes/delete", "ACCESS_DENIED");
        }
        posting.Delete(note);
        return null;
    }

    /// <summary>Replies, and renotes that have a text, files or a poll: one with a content warning alone is none of them.</summary>
    private Refusal? Children(ApiRequest request) =>
        List(request, Find(request) is { } note
            ? [.. note.Replies.Union(note.Renotes.Where(renote => renote.Text is not null || renote.Files.Count > 0 || renote.Poll is not null)).OrderBy(child => child.Id, StringComparer.Ordinal)]
            : []);

    private Refusal? Replies(ApiRequest request) => List(request, Find(request)?.Replies ?? []);

    private Refusal? Renotes(ApiRequest request) =>
        Find(request) is { } note ? List(request, note.Renotes) : Refusals.Of("notes/renotes", "NO_SUCH_NOTE");

    private Refusal? MuteThread(ApiRequest request)
    {
        if (Find(request) is not { } note)
        {
            return Refusals.Of("notes/thread-muting/create", "NO_SUCH_NOTE");
        }
        request.Me.MutedThreads.Add(note.Thread);
        return null;
    }

    private Refusal? UnmuteThread(ApiRequest request)
    {
        if (Find(request) is not { } note)
        {
            return Refusals.Of("notes/thread-muting/delete", "NO_SUCH_NOTE");
        }
        request.Me.MutedThreads.Remove(note.Thread);
        return null;
    }

    private Refusal? List(ApiRequest request, IReadOnlyList<Note> notes)
    {
        var page = request.Page(notes, note => note.Id, note => state.IsListed(note, request.Caller));
        request.WriteArray(page, note => NoteJson.Write(request.Json, note, request.Caller));
        return null;
    }

    private Note? Find(ApiRequest request) => state.Note(request.Text("noteId"));
}

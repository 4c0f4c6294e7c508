using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary>The account itself: <c>i</c>, pins and notifications.</summary>
internal sealed class AccountEndpoints(WorldState state)
{
    private const int MaximumPins = 5;

    public IEnumerable<ApiEndpoint> All =>
    [
        new("i", Me) { Kind = "read:account" },
        new("i/pin", Pin) { Kind = "write:account", Parameters = [Id("noteId", required: true)] },
        new("i/unpin", Unpin) { Kind = "write:account", Parameters = [Id("noteId", required: true)] },
        new("i/notifications", Notifications)
        {
            Kind = "read:notifications",
            Limit = new CallLimit(30, TimeSpan.FromSeconds(30)),
            Parameters =
            [
                .. Paging(), Flag("markAsRead"),
                new Many("includeTypes", new Text("")) { Unique = false }, new Many("excludeTypes", new Text("")) { Unique = false },
            ],
        },
        new("notifications/create", Notify)
        {
            Kind = "write:notifications",
            Parameters = [new Text("body") { Required = true }, new Text("header") { Nullable = true }, new Text("icon") { Nullable = true }],
        },
    ];

    private static Refusal? Me(ApiRequest request)
    {
        UserJson.WriteDetailed(request.Json, request.Me, request.Me);
        return null;
    }

    private Refusal? Pin(ApiRequest request)
    {
        if (state.Note(request.Text("noteId")) is not { } note || note.Author != request.Me)
        {
            return Refusals.Of("i/pin", "NO_SUCH_NOTE");
        }
        if (request.Me.Pinned.Contains(note))
        {
            return Refusals.Of("i/pin", "ALREADY_PINNED");
        }
        if (request.Me.Pinned.Count >= MaximumPins)
        {
            return Refusals.Of("i/pin", "PIN_LIMIT_EXCEEDED");
        }
        request.Me.Pinned.Insert(0, note);
        return Me(request);
    }

    private Refusal? Unpin(ApiRequest request)
    {
        if (state.Note(request.Text("noteId")) is not { } note)
        {
            return Refusals.Of("i/unpin", "NO_SUCH_NOTE");
        }
        request.Me.Pinned.Remove(note);
        return Me(request);
    }

    // Who is muted, suspended or gone since, what is deleted, and requests that were answered are left out of a page that is cut already.
    private Refusal? Notifications(ApiRequest request)
    {
        var included = request.Texts("includeTypes");
        var excluded = request.Texts("excludeTypes");
        bool IsWanted(Notification notification) =>
            (included.Length == 0 || included.Contains(notification.Type)) && !excluded.Contains(notification.Type);

        request.WriteArray(
            request.Page(request.Me.Notifications, notification => notification.Id, IsWanted).Where(notification => state.IsShown(notification, request.Me)),
            notification => ThingJson.WriteNotification(request.Json, notification, request.Me));
        if (request.Flag("markAsRead", byDefault: true))
        {
            request.Me.UnreadNotifications = 0;
        }
        return null;
    }

    private Refusal? Notify(ApiRequest request)
    {
        state.Notify(request.Me, new Notification(state.NewId(), state.Now, "app")
        {
            Body = request.Text("body"),
            Header = request.Text("header"),
            Icon = request.Text("icon"),
        });
        return null;
    }
}

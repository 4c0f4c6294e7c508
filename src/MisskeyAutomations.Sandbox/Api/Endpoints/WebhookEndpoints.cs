using System.Text.Json;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Sandbox.Webhooks;
using static MisskeyAutomations.Sandbox.Api.Parameter;

namespace MisskeyAutomations.Sandbox.Api.Endpoints;

/// <summary><c>i/webhooks/*</c>.</summary>
internal sealed class WebhookEndpoints(WorldState state, WebhookOutbox outbox, int limit)
{
    private static readonly string[] Types = ["mention", "unfollow", "follow", "followed", "note", "reply", "renote", "reaction"];

    private static readonly Many On = new("on", new Text("") { Allowed = Types }) { Unique = false };

    public IEnumerable<ApiEndpoint> All =>
    [
        new("i/webhooks/create", Create)
        {
            Kind = "write:account",
            Parameters =
            [
                new Text("name", 1, 100) { Required = true }, new Text("url", 1, 1024) { Required = true }, On with { Required = true },
                new Text("secret", 0, 1024),
            ],
        },
        new("i/webhooks/list", List) { Kind = "read:account" },
        new("i/webhooks/show", Show) { Kind = "read:account", Parameters = [Id("webhookId", required: true)] },
        new("i/webhooks/update", Update)
        {
            Kind = "write:account",
            Parameters =
            [
                Id("webhookId", required: true), new Text("name", 1, 100), new Text("url", 1, 1024), On, Flag("active"),
                new Text("secret", 0, 1024) { Nullable = true },
            ],
        },
        new("i/webhooks/delete", Delete) { Kind = "write:account", Parameters = [Id("webhookId", required: true)] },
        new("i/webhooks/test", Test)
        {
            Kind = "read:account",
            Secure = true,
            Limit = new CallLimit(60, TimeSpan.FromMinutes(15)),
            Parameters =
            [
                Id("webhookId", required: true), new Text("type") { Required = true, Allowed = Types },
                new Nested("override", [new Text("url"), new Text("secret")]),
            ],
        },
    ];

    private Refusal? Create(ApiRequest request)
    {
        if (request.Me.Webhooks.Count >= limit)
        {
            return Refusals.Of("i/webhooks/create", "TOO_MANY_WEBHOOKS");
        }
        var hook = new Webhook(
            state.NewId(), request.Me, request.Text("name")!, request.Text("url")!, request.Text("secret") ?? "", request.Texts("on"));
        state.Add(hook);
        ThingJson.WriteWebhook(request.Json, hook);
        return null;
    }

    private static Refusal? List(ApiRequest request)
    {
        request.WriteArray(request.Me.Webhooks, hook => ThingJson.WriteWebhook(request.Json, hook));
        return null;
    }

    private Refusal? Show(ApiRequest request)
    {
        if (Find(request) is not { } hook)
        {
            return Refusals.Of("i/webhooks/show", "NO_SUCH_WEBHOOK");
        }
        ThingJson.WriteWebhook(request.Json, hook);
        return null;
    }

    /// <summary>Changes what is given and at once; a secret of null becomes the empty one.</summary>
    private Refusal? Update(ApiRequest request)
    {
        if (Find(request) is not { } hook)
        {
            return Refusals.Of("i/webhooks/update", "NO_SUCH_WEBHOOK");
        }
        hook.Name = request.Text("name") ?? hook.Name;
        hook.Url = request.Text("url") ?? hook.Url;
        hook.On = request.Has("on") ? request.Texts("on") : hook.On;
        hook.Active = request.Flag("active", byDefault: hook.Active);
        hook.Secret = request.Body.TryGetProperty("secret", out var secret) ? secret.GetString() ?? "" : hook.Secret;
        return null;
    }

    private Refusal? Delete(ApiRequest request)
    {
        if (Find(request) is not { } hook)
        {
            return Refusals.Of("i/webhooks/delete", "NO_SUCH_WEBHOOK");
        }
        state.Webhooks.Remove(hook.Id);
        request.Me.Webhooks.Remove(hook);
        return null;
    }

    private Refusal? Test(ApiRequest request)
    {
        if (Find(request) is not { } hook)
        {
            return Refusals.Of("i/webhooks/test", "NO_SUCH_WEBHOOK");
        }
        var replaced = request.Has("override") ? request.Body.GetProperty("override") : default;
        outbox.Test(hook, request.Text("type")!, Replaced(replaced, "url"), Replaced(replaced, "secret"));
        return null;
    }

    private static string? Replaced(JsonElement replaced, string name) =>
        replaced.ValueKind is JsonValueKind.Object && replaced.TryGetProperty(name, out var value) ? value.GetString() : null;

    private Webhook? Find(ApiRequest request) =>
        state.Webhooks.GetValueOrDefault(request.Text("webhookId")!) is { } hook && hook.Owner == request.Me ? hook : null;
}

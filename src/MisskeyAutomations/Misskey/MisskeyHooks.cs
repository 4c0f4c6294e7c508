using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>A webhook as Misskey keeps it.</summary>
internal sealed record MisskeyHook
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Url { get; init; }

    /// <summary>Misskey shows it to whoever may read the account.</summary>
    public required Secret Secret { get; init; }

    /// <summary>The event types that it is for.</summary>
    public required IReadOnlyList<string> On { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>The HTTP status that Misskey got last; 1 when there was no HTTP answer, null while nothing was sent.</summary>
    public long? LatestStatus { get; init; }

    /// <summary>When that was, as Misskey writes it; null while nothing was sent.</summary>
    public string? LatestSentAt { get; init; }
}

/// <summary>The webhooks of an account at Misskey: <c>i/webhooks/*</c>. The account need not be one of the engine's (yet).</summary>
internal sealed class MisskeyHooks(MisskeySender misskey)
{
    /// <summary>All of them; null, with what happened, when they cannot be read.</summary>
    public async Task<(IReadOnlyList<MisskeyHook>? Hooks, ActionOutcome Outcome)> ListAsync(Account account, CancellationToken cancellationToken)
    {
        var outcome = await misskey.AskForAsync(account, "i/webhooks/list", "{}", cancellationToken);
        return outcome is ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } list }
            ? ([.. list.EnumerateArray().Select(Read).OfType<MisskeyHook>()], outcome)
            : (null, outcome);
    }

    /// <summary>Makes one.</summary>
    public async Task<(MisskeyHook? Hook, ActionOutcome Outcome)> CreateAsync(
        Account account, string name, Uri url, Secret secret, IReadOnlyList<string> types, CancellationToken cancellationToken)
    {
        var body = RequestBody.Write(json =>
        {
            json.WriteString("name", name);
            json.WriteString("url", url.AbsoluteUri);
            json.WriteString("secret", secret.Reveal());
            WriteTypes(json, types);
        });
        var outcome = await misskey.AskForAsync(account, "i/webhooks/create", body, cancellationToken);
        return (outcome is ActionOutcome.Done { Answer: { } answer } ? Read(answer) : null, outcome);
    }

    /// <summary>Changes what is given.</summary>
    public Task<ActionOutcome> UpdateAsync(
        Account account, string id, Uri? url = null, Secret? secret = null, IReadOnlyList<string>? types = null, bool? isActive = null, CancellationToken cancellationToken = default) =>
        misskey.AskForAsync(account, "i/webhooks/update", RequestBody.Write(json =>
        {
            json.WriteString("webhookId", id);
            if (url is not null)
            {
                json.WriteString("url", url.AbsoluteUri);
            }

            if (secret is not null)
            {
                json.WriteString("secret", secret.Reveal());
            }

            if (types is not null)
            {
                WriteTypes(json, types);
            }

            if (isActive is { } active)
            {
                json.WriteBoolean("active", active);
            }
        }), cancellationToken);

    /// <summary>Deletes one. That it is not there any more is as good.</summary>
    public async Task<ActionOutcome> DeleteAsync(Account account, string id, CancellationToken cancellationToken) =>
        await misskey.AskForAsync(account, "i/webhooks/delete", RequestBody.Write(json => json.WriteString("webhookId", id)), cancellationToken)
            is var outcome && outcome is ActionOutcome.Rejected { Code: "NO_SUCH_WEBHOOK" } ? new ActionOutcome.Done(Already: true) : outcome;

    private static void WriteTypes(Utf8JsonWriter json, IReadOnlyList<string> types)
    {
        json.WriteStartArray("on");
        foreach (var type in types)
        {
            json.WriteStringValue(type);
        }

        json.WriteEndArray();
    }

    private static MisskeyHook? Read(JsonElement hook) => hook.GetText("id") is not { } id ? null : new MisskeyHook
    {
        Id = id,
        Name = hook.GetText("name") ?? "",
        Url = hook.GetText("url") ?? "",
        Secret = new Secret(hook.GetText("secret") ?? ""),
        On = hook.Find("on") is { ValueKind: JsonValueKind.Array } types ? [.. types.EnumerateArray().Select(type => type.GetString() ?? "")] : [],
        IsActive = hook.IsTrue("active"),
        LatestStatus = hook.Find("latestStatus") is { ValueKind: JsonValueKind.Number } status && status.TryGetInt64(out var number) ? number : null,
        LatestSentAt = hook.GetText("latestSentAt"),
    };
}

using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Sources;

/// <summary>
/// Reads an account's notifications a page at a time, and leaves them unread. A page may have fewer than were asked for, or none, though
/// there are more: Misskey leaves out what is by people who are muted, suspended or gone, or about notes that are deleted, when the page
/// is cut already.
/// </summary>
internal sealed class NotificationPages(MisskeySender misskey)
{
    /// <summary>The longest page that Misskey gives.</summary>
    public const int MostAtOnce = 100;

    /// <summary>Those after one, oldest first.</summary>
    public Task<(IReadOnlyList<Notification> Page, ActionOutcome Outcome)> AfterAsync(string account, string id, int limit, CancellationToken cancellationToken) =>
        ReadAsync(account, "sinceId", id, limit, cancellationToken);

    /// <summary>Those before one, newest first; the newest of all where <paramref name="id"/> is null.</summary>
    public Task<(IReadOnlyList<Notification> Page, ActionOutcome Outcome)> BeforeAsync(string account, string? id, int limit, CancellationToken cancellationToken) =>
        ReadAsync(account, "untilId", id, limit, cancellationToken);

    private async Task<(IReadOnlyList<Notification> Page, ActionOutcome Outcome)> ReadAsync(
        string account, string bound, string? id, int limit, CancellationToken cancellationToken)
    {
        var body = RequestBody.Write(json =>
        {
            json.WriteNumber("limit", limit);
            json.WriteBoolean("markAsRead", false);
            if (id is not null)
            {
                json.WriteString(bound, id);
            }
        });
        var outcome = await misskey.SendAsync(account, OwnCalls.Notifications, body, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome switch
        {
            ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } answer } =>
                ([.. answer.EnumerateArray().Where(entry => entry.GetText("id") is { Length: > 0 }).Select(entry => new Notification(entry.GetText("id")!, entry))], outcome),
            ActionOutcome.Done => ([], new ActionOutcome.Uncertain("Misskey's answer cannot be read.")),
            _ => ([], outcome),
        };
    }
}

/// <summary>An entry of Misskey's list.</summary>
internal sealed record Notification(string Id, JsonElement Json)
{
    /// <summary>Whether it was made after another: ids sort by their time.</summary>
    public bool IsAfter(string id) => string.CompareOrdinal(Id, id) > 0;
}

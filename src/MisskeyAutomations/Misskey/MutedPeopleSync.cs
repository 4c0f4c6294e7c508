using System.Collections.Concurrent;
using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// Keeps <see cref="MutedPeople"/> up to date: reads the lists of the muted and of the blocked at start and every hour. A list that
/// cannot be read now stays what it was.
/// </summary>
internal sealed partial class MutedPeopleSync(
    MisskeySender misskey, AccountDirectory accounts, MutedPeople muted, TimeProvider time, ILogger<MutedPeopleSync> logger) : BackgroundService
{
    private const int PageSize = 100;
    private const int MaxPages = 1000;

    private static readonly TimeSpan Between = TimeSpan.FromHours(1);
    private static readonly (string Endpoint, string IdProperty)[] Lists = [("mute/list", "muteeId"), ("blocking/list", "blockeeId")];

    /// <summary>Kept apart, so that one list may fail and the other not.</summary>
    private readonly ConcurrentDictionary<(string Account, string Endpoint), IReadOnlyCollection<string>> _people = [];
    private readonly ConcurrentDictionary<(string Account, string Endpoint), bool> _forbidden = [];

    /// <summary>Reads both lists of an account. Null when that worked; otherwise how long to wait before trying again.</summary>
    public async Task<TimeSpan?> SyncAsync(string account, int attempt, CancellationToken cancellationToken)
    {
        TimeSpan? pause = null;
        foreach (var (endpoint, idProperty) in Lists)
        {
            var outcome = await SyncAsync(account, endpoint, idProperty, cancellationToken);
            if (outcome is ActionOutcome.Rejected rejected)
            {
                // Only a new token can change that; asking every hour is enough, saying it once too.
                _people[(account, endpoint)] = [];
                if (_forbidden.TryAdd((account, endpoint), true))
                {
                    LogForbidden(account, endpoint, rejected.Reason);
                }
            }
            else if (outcome is not ActionOutcome.Done)
            {
                if (outcome is not ActionOutcome.AccountRefused)
                {
                    LogNotRead(account, endpoint, Reasons.Of(outcome));
                }

                pause = Pauses.After(outcome, attempt);
            }
        }

        muted.Replace(account, Lists.SelectMany(list => _people.GetValueOrDefault((account, list.Endpoint), [])));
        return pause;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        accounts.ForEachAsync(
            (account, ending) => Pauses.RepeatAsync(attempt => SyncAsync(account.Name, attempt, ending), Between, time, ending), stoppingToken);

    /// <summary>Pages backwards through one list; it replaces the old one only when it is whole.</summary>
    private async Task<ActionOutcome> SyncAsync(string account, string endpoint, string idProperty, CancellationToken cancellationToken)
    {
        var people = new HashSet<string>(StringComparer.Ordinal);
        string? untilId = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var outcome = await misskey.SendAsync(account, endpoint, BodyFor(untilId), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (outcome is not ActionOutcome.Done)
            {
                return outcome;
            }

            if (outcome is not ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } entries })
            {
                return new ActionOutcome.Uncertain("Misskey's answer cannot be read.");
            }

            people.UnionWith(entries.EnumerateArray().Select(entry => entry.GetText(idProperty)).OfType<string>());
            var lastId = entries.GetArrayLength() < PageSize ? null : entries[PageSize - 1].GetText("id");
            if (lastId is null || lastId == untilId)
            {
                break;
            }

            untilId = lastId;
        }

        _people[(account, endpoint)] = people;
        _forbidden.TryRemove((account, endpoint), out _);
        return new ActionOutcome.Done();
    }

    private static string BodyFor(string? untilId) => RequestBody.Write(json =>
    {
        json.WriteNumber("limit", PageSize);
        if (untilId is not null)
        {
            json.WriteString("untilId", untilId);
        }
    });

    [LoggerMessage(904, LogLevel.Warning, "Account {Account} cannot read {Endpoint}, so people on it are not ignored: {Reason}")]
    private partial void LogForbidden(string account, string endpoint, string reason);

    [LoggerMessage(905, LogLevel.Warning, "Account {Account} could not read {Endpoint} now: {Reason}")]
    private partial void LogNotRead(string account, string endpoint, string reason);
}

using System.Collections.Concurrent;
using System.Text.Json;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>What Misskey says about an account that we act as.</summary>
internal sealed record AccountFacts
{
    /// <summary>The account's username; null until Misskey told it.</summary>
    public string? Username { get; init; }

    /// <summary>How many code points a note may have on its server: 3000 until Misskey told it.</summary>
    public int MaxNoteLength { get; init; } = 3000;
}

/// <summary>
/// Asks every account's server who the token belongs to and how long notes may be: at start, every 6 h, and while it cannot be
/// asked again and again, ever more patiently. Nothing waits for it.
/// </summary>
internal sealed partial class MisskeyAccountCheck(
    MisskeySender misskey, AccountDirectory accounts, TimeProvider time, ILogger<MisskeyAccountCheck> logger) : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromHours(6);
    private static readonly AccountFacts Unknown = new();

    private readonly ConcurrentDictionary<string, AccountFacts> _facts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Account, string? Token), TaskCompletionSource<string>> _userIds = [];

    /// <summary>What is known about an account; the defaults until Misskey was asked.</summary>
    public AccountFacts this[string account] => _facts.GetValueOrDefault(account, Unknown);

    /// <summary>The id of the user to whom the account's token belongs, as soon as Misskey told it.</summary>
    public Task<string> UserIdAsync(string account, CancellationToken cancellationToken) => UserIdOf(account).Task.WaitAsync(cancellationToken);

    /// <summary>Asks once about one account. Null when all is known; otherwise how long to wait before asking again.</summary>
    public async Task<TimeSpan?> CheckAsync(string account, int attempt, CancellationToken cancellationToken)
    {
        var (facts, asked) = (this[account], UserIdOf(account));
        var who = await misskey.SendAsync(account, "i", "{}", cancellationToken);
        if (who is ActionOutcome.Done { Answer: { } me } && me.GetText("id") is { } id)
        {
            facts = facts with { Username = me.GetText("username") };
            asked.TrySetResult(id);
            if (accounts.Confirm(account, id) is { } other)
            {
                LogOtherUser(account, facts.Username, id, other);
            }
        }

        var about = await misskey.SendAsync(account, "meta", """{"detail":false}""", cancellationToken);
        if (about is ActionOutcome.Done { Answer: { } meta }
            && meta.Find("maxNoteTextLength") is { ValueKind: JsonValueKind.Number } length && length.TryGetInt32(out var max) && max > 0)
        {
            facts = facts with { MaxNoteLength = max };
        }

        cancellationToken.ThrowIfCancellationRequested();
        var isNews = _facts.GetValueOrDefault(account) != facts;
        _facts[account] = facts;
        if (who is not ActionOutcome.Done)
        {
            // A refused account is paused, which is told with what to do about it.
            if (who is not ActionOutcome.AccountRefused)
            {
                LogNotChecked(account, Reasons.Of(who));
            }

            return Pauses.After(who, attempt);
        }

        if (isNews)
        {
            LogChecked(account, facts.Username, facts.MaxNoteLength);
        }

        return about is ActionOutcome.Done ? null : Pauses.After(about, attempt);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        accounts.ForEachAsync(FollowAsync, stoppingToken);

    private Task FollowAsync(Account account, CancellationToken stoppingToken) =>
        Pauses.RepeatAsync(attempt => CheckAsync(account.Name, attempt, stoppingToken), Between, time, stoppingToken);

    // Another token may be another user's.
    private TaskCompletionSource<string> UserIdOf(string account) =>
        _userIds.GetOrAdd((account, accounts.Find(account)?.Token.Reveal()), static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    [LoggerMessage(901, LogLevel.Information, "Account {Account} acts as @{Username}; its notes may have {MaxNoteLength} characters.")]
    private partial void LogChecked(string account, string? username, int maxNoteLength);

    [LoggerMessage(902, LogLevel.Warning, "Account {Account} could not be checked: {Reason}")]
    private partial void LogNotChecked(string account, string reason);

    [LoggerMessage(903, LogLevel.Error, "The token of account {Account} belongs to @{Username} (user {UserId}), but a webhook of user {OtherUserId} came to its address: what that brings is kept and not acted on.")]
    private partial void LogOtherUser(string account, string? username, string userId, string otherUserId);
}

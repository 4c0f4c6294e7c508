using System.Collections.Concurrent;
using System.Threading.Channels;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Connecting;

/// <summary>
/// Looks after connected accounts: lets their webhooks' types and their sources follow the rules, says which rule needs what the token may not do, drops
/// secrets whose time is over, and takes what another engine on the same store has connected.
/// </summary>
internal sealed partial class AccountUpkeep(
    ConnectedAccounts accounts, AccountDirectory directory, MisskeyHooks hooks, SecretRotation rotation, RuleVersions rules, Store store, TimeProvider time, ILogger<AccountUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, bool> _waiting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _told = new(StringComparer.Ordinal);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Looks once after one account. False when Misskey could not be asked: to be tried again soon.</summary>
    public async Task<bool> LookAfterAsync(ConnectedAccount account, CancellationToken cancellationToken)
    {
        TellMissing(account);
        account = account.Source is AccountSource.Streaming ? account : await FollowAsync(account, cancellationToken);
        if (account.HookId is not { } hookId)
        {
            return true;
        }

        if (SecretRotation.IsOpen(account))
        {
            account = await rotation.AskAsync(account.Name, cancellationToken) ?? account;
        }

        var acting = account.At(time.GetUtcNow());
        var (list, outcome) = await hooks.ListAsync(acting, cancellationToken);
        if (list is null)
        {
            return outcome is ActionOutcome.Rejected or ActionOutcome.AccountRefused;
        }

        if (list.FirstOrDefault(known => known.Id == hookId) is not { } hook)
        {
            Tell(account.Name, "gone", () => LogGone(account.Name, account.Server.Host, account.Name));
            return true;
        }

        if (!hook.IsActive)
        {
            Tell(account.Name, "asleep", () => LogAsleep(account.Name));
        }

        var types = HookTypes.For(rules.Current, account.Name);
        if (HookTypes.AreSame(types, hook.On))
        {
            return true;
        }

        var changed = await hooks.UpdateAsync(acting, hookId, types: types, cancellationToken: cancellationToken);
        if (changed is ActionOutcome.Done)
        {
            LogFollowed(account.Name, string.Join(", ", types));
            return true;
        }

        Tell(account.Name, "types " + string.Join(' ', types), () => LogNotFollowed(account.Name, string.Join(", ", types), Reasons.Of(changed)));
        return changed is ActionOutcome.Rejected or ActionOutcome.AccountRefused;
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        rules.Swapped += ExpectAll;
        directory.Changed += Expect;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        rules.Swapped -= ExpectAll;
        directory.Changed -= Expect;
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ExpectAll();
        var (looked, tried) = (time.GetTimestamp(), time.GetTimestamp());
        while (!stoppingToken.IsCancellationRequested)
        {
            await RoundAsync(stoppingToken);
            if (time.GetElapsedTime(looked) >= BetweenLooks || (!_waiting.IsEmpty && time.GetElapsedTime(tried) >= BetweenTries))
            {
                (looked, tried) = (time.GetElapsedTime(looked) >= BetweenLooks ? time.GetTimestamp() : looked, time.GetTimestamp());
                _news.Writer.TryWrite(true);
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (store.IsShared)
            {
                await accounts.LoadAsync(cancellationToken);
            }

            await accounts.ExpireAsync(cancellationToken);
            if (!_news.Reader.TryRead(out _))
            {
                return;
            }

            foreach (var account in accounts.All.Where(account => _waiting.TryRemove(account.Name, out _)))
            {
                if (!await LookAfterAsync(account, cancellationToken))
                {
                    _waiting[account.Name] = true;
                }
            }
        }
        catch (Exception trouble) when (trouble is StoreUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            LogTrouble(trouble);
        }
    }

    // Whatever comes first: news, or the time for the next round.
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_news.Reader.WaitToReadAsync(round.Token).AsTask(), Task.Delay(Interval, time, round.Token));
        await round.CancelAsync();
    }

    private void ExpectAll()
    {
        foreach (var account in accounts.All)
        {
            _waiting[account.Name] = true;
        }

        _news.Writer.TryWrite(true);
    }

    private void Expect(string name)
    {
        _waiting[name] = true;
        _news.Writer.TryWrite(true);
    }

    // Whoever changes it meanwhile knows better; it is looked after again then.
    private async Task<ConnectedAccount> FollowAsync(ConnectedAccount account, CancellationToken cancellationToken)
    {
        var followed = account with { Source = SourceChoice.WithHook(rules.Current, account.Name) };
        if (followed.Source == account.Source || !await accounts.ReplaceAsync(account, followed, cancellationToken))
        {
            return account;
        }

        if (followed.Source is AccountSource.Both)
        {
            LogStreamed(account.Name, string.Join(", ", SourceChoice.Streamed(rules.Current, account.Name)));
        }
        else
        {
            LogNotStreamed(account.Name);
        }

        return followed;
    }

    private void TellMissing(ConnectedAccount account)
    {
        var missing = TokenPermissions.NeedsOf(rules.Current, account.Name, connects: account.HookId is not null)
            .Where(need => !account.Permissions.Contains(need.Permission, StringComparer.Ordinal)).ToArray();
        if (missing.Length > 0)
        {
            var told = string.Join("; ", missing.Select(need => $"{need.Permission} ({(need.Rules.Count == 0 ? "the engine itself" : $"for {string.Join(", ", need.Rules)}")})"));
            Tell(account.Name, told, () => LogMissing(account.Name, told, account.Server.Host, account.Name));
        }
    }

    // Once for each thing, until it is another.
    private void Tell(string account, string what, Action log)
    {
        if (_told.GetValueOrDefault(account) != what)
        {
            _told[account] = what;
            log();
        }
    }

    [LoggerMessage(2240, LogLevel.Information, "Account {Account} listens to its stream as well from now on, since rules start on {Triggers}")]
    private partial void LogStreamed(string account, string triggers);

    [LoggerMessage(2241, LogLevel.Information, "Account {Account} does not listen to its stream any more: no rule starts on what only that tells")]
    private partial void LogNotStreamed(string account);

    [LoggerMessage(2253, LogLevel.Information, "The webhook of account {Account} followed the rules: it is for {Types} now")]
    private partial void LogFollowed(string account, string types);

    [LoggerMessage(2254, LogLevel.Warning, "The webhook of account {Account} could not be changed to {Types}: {Reason}")]
    private partial void LogNotFollowed(string account, string types, string reason);

    [LoggerMessage(2255, LogLevel.Warning, "The webhook of account {Account} was deleted at Misskey: `connect {Server} --name {Name}` makes a new one")]
    private partial void LogGone(string account, string server, string name);

    [LoggerMessage(2256, LogLevel.Warning, "The webhook of account {Account} was switched off at Misskey, so that nothing comes by it: switch it on under Settings > Webhook")]
    private partial void LogAsleep(string account);

    [LoggerMessage(2257, LogLevel.Warning, "The token of account {Account} was not made for {Permissions}: `connect {Server} --name {Name}` asks for a new one with all of them")]
    private partial void LogMissing(string account, string permissions, string server, string name);

    [LoggerMessage(2258, LogLevel.Warning, "Connected accounts were not looked after, since the store could not be used; it is tried again every 5 s")]
    private partial void LogTrouble(Exception trouble);
}

using System.Text;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Telemetry;

namespace MisskeyAutomations.Scheduling;

/// <summary>
/// Makes a delivery of every time at which the clock starts a rule. What is settled is on disk: no time is told twice, whatever the
/// clock or the process does, and what passed unseen is dropped or made up for as the rule says.
/// </summary>
internal sealed partial class CronClock(IInbox inbox, RuleVersions rules, AccountDirectory accounts, ILogger<CronClock> logger, TimeProvider time)
{
    // A start takes seconds, and the sweep comes each minute: what is later was missed.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(2);

    // A clock that stood in another year and was put right must not silence the rules until then.
    private static readonly TimeSpan FarthestAhead = TimeSpan.FromDays(1);

    private Dictionary<(string Rule, string Trigger), DateTimeOffset>? _marks;

    /// <summary>Tells what is due, and settles what was missed, unless another engine does. Not to be called twice at a time.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        if (!await inbox.IsFirstAsync(cancellationToken))
        {
            _marks = null;
            return;
        }

        var before = _marks ??= (await inbox.ListCronMarksAsync(cancellationToken)).ToDictionary(mark => (mark.Rule, mark.Trigger), mark => mark.At);
        var now = time.GetUtcNow();
        var after = new Dictionary<(string Rule, string Trigger), DateTimeOffset>();
        foreach (var (rule, cron) in Triggers())
        {
            // A rule that is new, or was switched off, has missed nothing.
            var key = (rule.Name, cron.Key);
            var settled = before.TryGetValue(key, out var mark) && mark <= now + FarthestAhead ? mark : now;
            after[key] = await SettleAsync(rule, cron, settled, now, cancellationToken);
        }

        if (before.Count != after.Count || after.Any(entry => !before.TryGetValue(entry.Key, out var mark) || mark != entry.Value))
        {
            await inbox.SaveCronMarksAsync([.. after.Select(entry => new CronMark(entry.Key.Rule, entry.Key.Trigger, entry.Value))], cancellationToken);
            _marks = after;
        }
    }

    /// <summary>When the next look is due; null when no rule goes by the clock.</summary>
    public DateTimeOffset? NextDue()
    {
        var now = time.GetUtcNow();
        return Triggers().Min(entry => entry.Cron.Schedule.Next(
            _marks?.GetValueOrDefault((entry.Rule.Name, entry.Cron.Key)) is { } mark && mark > now ? mark : now, entry.Cron.Zone));
    }

    private IEnumerable<(Rule Rule, CronTrigger Cron)> Triggers() =>
        rules.Current.Rules.Where(rule => rule.Mode != RuleMode.Disabled).SelectMany(rule => rule.Crons.Select(cron => (rule, cron)));

    // The new mark: everything up to it is on disk, or dropped.
    private async Task<DateTimeOffset> SettleAsync(Rule rule, CronTrigger cron, DateTimeOffset settled, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var mark = settled;
        var punctual = settled > now - Tolerance ? settled : now - Tolerance;
        for (var next = cron.Schedule.Next(punctual, cron.Zone); next <= now; next = cron.Schedule.Next(next.Value, cron.Zone))
        {
            await TellAsync(rule, next.Value, cancellationToken);
            mark = next.Value;
        }

        if (punctual > settled && cron.Schedule.Last(settled, punctual, cron.Zone) is { } missed)
        {
            // What is told now makes up for what was missed before.
            if (cron.MakesUp && mark == settled)
            {
                await TellAsync(rule, missed, cancellationToken);
                LogMadeUp(rule.Name, missed);
            }
            else
            {
                LogMissed(rule.Name, missed);
            }

            mark = mark > missed ? mark : missed;
        }

        return mark;
    }

    private async Task TellAsync(Rule rule, DateTimeOffset occurrence, CancellationToken cancellationToken)
    {
        foreach (var account in accounts.All.Where(account => rule.Serves(account.Name)))
        {
            var envelope = CronEvents.Envelope(rule.Name, occurrence, account.Server, accounts.UserIdOf(account.Name));
            var delivery = new NewDelivery(
                account.Name, "", CronEvents.IdOf(rule.Name, occurrence), "cron", time.GetUtcNow(), Encoding.UTF8.GetBytes(envelope.GetRawText()), Scrubbed: false)
            {
                CreatedAt = occurrence.ToUnixTimeMilliseconds(),
            };
            var isNew = await inbox.AddAsync(delivery, cancellationToken);
            Measures.Delivered(account.Name, "cron", isNew ? "received" : "duplicate");
        }
    }

    [LoggerMessage(331, LogLevel.Information, "Rule {Rule}: {Occurrence:u} passed while the engine was down or its clock stood elsewhere; it is made up for")]
    private partial void LogMadeUp(string rule, DateTimeOffset occurrence);

    [LoggerMessage(332, LogLevel.Information, "Rule {Rule}: {Occurrence:u} passed while the engine was down or its clock stood elsewhere; it is left out")]
    private partial void LogMissed(string rule, DateTimeOffset occurrence);
}

using Microsoft.Extensions.Logging;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Scheduling;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Scheduling;

public sealed class RunLogTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 3, 0, 0, TimeSpan.Zero);

    private static readonly Step Sent = new()
    {
        Path = "do[0]",
        Kind = "reply",
        State = StepState.Intended,
        Intent = new Intent { Action = "reply", Endpoint = "notes/create", Body = "{}", Summary = "reply" },
        At = Now,
    };

    private static readonly Run Pong = new()
    {
        Id = 7,
        Account = "main",
        DeliveryId = 1,
        Subject = "note:1",
        RuleName = "pong",
        RuleHash = "hash",
        State = RunState.Running,
        EventAt = Now,
        CreatedAt = Now,
    };

    [Fact]
    public async Task What_the_engine_still_looks_for_is_not_said_to_be_left_to_its_owner()
    {
        Assert.Contains("it is looked for, and sent again only once it is proven not to be there: the answer was cut off", await ToldAsync(Now.AddSeconds(5)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_only_its_owner_can_tell_is_said_to_be()
    {
        Assert.Contains("it is not sent again unless you say so (`uncertain list`): the answer was cut off", await ToldAsync(lookAt: null), StringComparison.Ordinal);
    }

    private static async Task<string> ToldAsync(DateTimeOffset? lookAt)
    {
        var (feed, log) = (new LiveFeed(), new KeptLog());
        using var loggers = new LoggerFactory([log]);
        var told = new RunLog(feed, new Logger<RunLog>(loggers));
        await told.StartAsync(TestContext.Current.CancellationToken);
        var (run, step) = Pong.Doubt(Sent, "the answer was cut off", lookAt);

        feed.Tell(run, step);

        return Assert.Single(log.Lines);
    }
}

using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Storage;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Bench.Load;

/// <summary>
/// What an outage leaves behind: for two hours no webhook comes through, while 500 mentions and follows happen. From the start of the engine:
/// how many of them are decided, how many twice, and how long that takes.
/// </summary>
internal static class CatchUpLoad
{
    private const int Events = 500;
    private static readonly TimeSpan Outage = TimeSpan.FromHours(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mka-bench-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "rules.yaml"), "rules: [ { name: all, on: [mention, followed], do: [ { log: '${event.type} ${user.acct}' } ] } ]\n");
            var time = new LaterTime();
            await using var misskey = await SandboxServer.StartAsync(new SandboxOptions { TimeProvider = time }, CancellationToken.None);
            var owner = misskey.World.AddAccount("alice");
            var data = Path.Combine(folder, "data");
            await using (var engine = await StartAsync(folder, data, misskey, owner, time))
            {
                await UntilAsync(() => engine.Services.GetRequiredService<IInbox>().FindCatchUpMarkAsync("main", CancellationToken.None).Result is not null);
                await engine.StopAsync();
            }

            Happen(misskey.World, owner, time);
            var started = Stopwatch.GetTimestamp();
            await using var again = await StartAsync(folder, data, misskey, owner, time);
            await UntilAsync(() => Decided(data).Count >= Events);
            Tell(Decided(data), Stopwatch.GetElapsedTime(started));
            await again.StopAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    private static async Task<WebApplication> StartAsync(string folder, string data, SandboxServer misskey, Person owner, LaterTime time)
    {
        var account = new Account
        {
            Name = "main",
            Server = misskey.Url,
            Token = new Secret(owner.Token),
            HookSecrets = [new Secret(Servers.Secret)],
            CatchUp = TimeSpan.FromMinutes(30),
        };
        var rules = RuleFolders.Open(Path.Combine(folder, "rules.yaml"), allowAdmin: false);
        var settings = new EngineSettings { Rules = rules.Path, Data = data, Urls = "http://127.0.0.1:0", Accounts = [account] };
        return await RunCommand.StartAsync(settings, rules, rules.Read().RuleSet!, CancellationToken.None, builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(time);
            builder.Logging.ClearProviders();
        });
    }

    // Nobody listens: there is no webhook at all.
    private static void Happen(SandboxWorld world, Person owner, LaterTime time)
    {
        for (var number = 0; number < Events / 2; number++)
        {
            time.Later += Outage / (Events / 2);
            var person = world.AddAccount($"person{number}");
            world.Follow(person, owner);
            world.Post(person, "@alice hi");
        }
    }

    // What each decision was about.
    private static List<string> Decided(string data)
    {
        using var readers = RecordedStore.Open(data);
        return [.. new EventQueries(readers).ListNewest(2 * Events).Where(recorded => recorded.WereRulesAsked).Select(recorded => recorded.Happening!.Subject.Key)];
    }

    private static void Tell(List<string> decided, TimeSpan took)
    {
        var distinct = decided.Distinct(StringComparer.Ordinal).Count();
        Report.Line($"{Outage.TotalHours:0} h without webhooks, {Events} events: {100.0 * distinct / Events:0.0} % decided, {decided.Count - distinct} twice, {took.TotalSeconds:0.0} s after the start");
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        var began = Stopwatch.GetTimestamp();
        while (!holds() && Stopwatch.GetElapsedTime(began) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private sealed class LaterTime : TimeProvider
    {
        public TimeSpan Later { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Later;
    }
}

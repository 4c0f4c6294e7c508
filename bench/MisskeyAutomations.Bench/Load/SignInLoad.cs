using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Sandbox;

namespace MisskeyAutomations.Bench.Load;

/// <summary>Whether the time of an answer tells anything of a passphrase: the right one, nearly the right one, and another one, by turns.</summary>
internal static class SignInLoad
{
    // 60 tries a minute are taken, each neighbourhood's 5.
    private const int Rounds = 18;

    private static readonly (string What, string Passphrase)[] Tries =
        [("right", Servers.Passphrase), ("all but its last letter", Servers.Passphrase[..^1] + "x"), ("another", new string('x', Servers.Passphrase.Length))];

    public static async Task<int> RunAsync()
    {
        var directory = Directory.CreateTempSubdirectory("automations-sign-in-").FullName;
        try
        {
            await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), CancellationToken.None);
            var rules = Path.Combine(directory, "rules.yaml");
            await File.WriteAllTextAsync(rules, "rules: []\n");
            var settings = new EngineSettings
            {
                Rules = rules,
                Data = Path.Combine(directory, "data"),
                Urls = "http://127.0.0.1:0",
                Accounts = [new Account { Name = Servers.Account, Server = misskey.Url, Token = new(misskey.World.AddAccount(Servers.Account).Token), HookSecrets = [new(Servers.Secret)] }],
                Dashboard = new() { Urls = "http://127.0.0.1:0", Passphrase = new(Servers.Passphrase), Proxies = [IPNetwork.Parse("127.0.0.0/8")] },
            };
            var folder = RuleFolders.Open(rules, allowAdmin: false);
            await using var engine = await RunCommand.StartAsync(settings, folder, folder.Read().RuleSet!, CancellationToken.None, builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
            await MeasureAsync(new Uri(engine.Services.GetRequiredService<DashboardServer>().Address!));
            await engine.StopAsync();
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task MeasureAsync(Uri dashboard)
    {
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = dashboard };
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        var form = await Browser.FormOfAsync(browser, "/sign-in");
        var times = Tries.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < Tries.Length; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = new FormUrlEncodedContent([form, new("passphrase", Tries[i].Passphrase)]) };
                request.Headers.Add("X-Forwarded-For", FormattableString.Invariant($"198.{round}.{i}.1"));
                var began = Stopwatch.GetTimestamp();
                using var answer = await browser.SendAsync(request);
                times[i].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                if (answer.StatusCode != (i == 0 ? HttpStatusCode.Redirect : HttpStatusCode.UnprocessableEntity))
                {
                    throw new InvalidOperationException($"The try with the passphrase '{Tries[i].What}' gave {answer.StatusCode}.");
                }

                Forget(cookies.GetCookies(dashboard));
            }
        }

        var medians = times.Select(each => each.Order().ElementAt(each.Count / 2)).ToArray();
        for (var i = 0; i < Tries.Length; i++)
        {
            Report.Line($"{Tries[i].What,-24} median {medians[i],6:0.0} ms, to the right one {medians[i] / medians[0]:0.000}, from {times[i].Min():0.0} to {times[i].Max():0.0} ms; load {Report.LoadAverage()}");
        }
    }

    // Whoever is signed in would not be asked.
    private static void Forget(CookieCollection cookies)
    {
        foreach (var session in cookies.Where(cookie => cookie.Name.StartsWith("session-", StringComparison.Ordinal)))
        {
            session.Expired = true;
        }
    }
}

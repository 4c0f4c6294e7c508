using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Storage;
using MisskeyAutomations.Telemetry;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Bench.Load;

/// <summary>The servers under load: each runs in a process of its own, prints its port and ends with its standard input.</summary>
internal static class Servers
{
    /// <summary>The account and the secret that the door is loaded with.</summary>
    public const string Account = "alice";

    public const string Secret = "a-secret-of-the-load-test-0123456789";

    /// <summary>The passphrase of its dashboard.</summary>
    public const string Passphrase = "for the load test alone";

    /// <summary>A port on which nobody listens, for what must know its address beforehand.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static async Task<int> RunAsync(string role, string[] options)
    {
        NativeMemory.ShareArenas();
        await using var app = role switch
        {
            "bare" => Bare(),
            "door" => Door(options[0], maxChangesPerCommit: 500, TelemetryOf(options.ElementAtOrDefault(2)), options.ElementAtOrDefault(1) is { Length: > 0 } store ? store : null),
            "door-single" => Door(options[0], maxChangesPerCommit: 1, new()),
            "door-guarded" => Door(options[0], maxChangesPerCommit: 500, new(), perSecond: new WebhookOptions().PerSecond),
            "engine" => await EngineAsync(options[0], new Uri(options[1]), options[2], options.ElementAtOrDefault(3) is { Length: > 0 } store ? store : null, options.ElementAtOrDefault(4)),
            _ => throw new ArgumentException($"There is no server '{role}'.", nameof(role)),
        };
        if (role != "engine")
        {
            await app.StartAsync();
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(url => !url.Contains("unix:", StringComparison.Ordinal));
        Console.WriteLine(new Uri(address).Port);
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
        return 0;
    }

    // What Kestrel can do here at most: it reads the body and answers.
    private static WebApplication Bare()
    {
        var app = Builder().Build();
        app.MapPost("/hooks/{account}", async context =>
        {
            var reader = context.Request.BodyReader;
            while (true)
            {
                var result = await reader.ReadAsync(context.RequestAborted);
                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        app.MapPost("/v1/{what}", () => Results.Ok()); // A collector of telemetry.
        return app;
    }

    private static TelemetryOptions TelemetryOf(string? collector) => collector switch
    {
        null => new(),
        "metrics" => new() { MetricsKey = new("a-key-of-the-load-test-0123456789") },
        _ => new() { MetricsKey = new("a-key-of-the-load-test-0123456789"), Otlp = new Uri(collector) },
    };

    private static WebApplication Door(string directory, int maxChangesPerCommit, TelemetryOptions telemetry, string? postgres = null, int perSecond = WebhookOptions.Most)
    {
        var builder = Builder();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new AccountDirectory(
        [
            new Account { Name = Account, Server = new Uri("https://misskey.example"), Token = new("unused"), HookSecrets = [new(Secret), new("the-former-secret-0123456789")] },
        ]));
        builder.Services.AddTelemetry(telemetry).AddWebhooks(webhooks => webhooks.PerSecond = perSecond).AddStorage(store =>
        {
            store.DataDirectory = directory;
            store.MaxChangesPerCommit = maxChangesPerCommit;
            store.Postgres = postgres;
        });
        var app = builder.Build();
        app.MapWebhooks();
        return app;
    }

    // The whole engine, as `run` starts it, with budgets that do not get in the way.
    private static async Task<WebApplication> EngineAsync(string directory, Uri server, string token, string? postgres, string? dashboard)
    {
        var rules = Path.Combine(directory, "rules.yaml");
        await File.WriteAllTextAsync(rules, """
            rules:
              - name: back
                on: followed
                do:
                  - follow: user
              - name: pong
                on: mention
                when: contains(note.said, 'ping')
                do:
                  - reply: PONG!
              - name: in-a-while
                on: mention
                late: 7d
                when: contains(note.said, 'in a while')
                after: 1h
                do:
                  - log: it was a while
              - name: never
                on: note
                when: contains(note.said, 'a word that no note has')
                do:
                  - log: seen
            defaults:
              budget: { notes: 1000000 per 1h, follows: 1000000 per 1h }
              replies: { per-user: 1000000 per 10m, per-thread: 1000000 per 10m }
            """);
        var settings = new EngineSettings
        {
            Rules = rules,
            Data = Path.Combine(directory, "data"),
            Store = postgres,
            Urls = "http://127.0.0.1:0",
            WebhooksPerSecond = WebhookOptions.Most,
            Dashboard = dashboard is null ? null : new() { Urls = dashboard, Passphrase = new(Passphrase) },
            Accounts = [new Account { Name = Account, Server = server, Token = new(token), HookSecrets = [new(Secret)] }],
        };
        var folder = RuleFolders.Open(rules, allowAdmin: false);
        return await RunCommand.StartAsync(settings, folder, folder.Read().RuleSet!, CancellationToken.None, builder => builder.Logging.SetMinimumLevel(LogLevel.Warning));
    }

    private static WebApplicationBuilder Builder()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder;
    }
}

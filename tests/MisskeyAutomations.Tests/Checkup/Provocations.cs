using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Tests.Connecting;
using MisskeyAutomations.Tests.EndToEnd;
using MisskeyAutomations.Tests.Kills;

namespace MisskeyAutomations.Tests.Checkup;

/// <summary>Whatever <c>doctor</c> may find, each brought about. Those of one check follow each other with the same patient.</summary>
internal static class Provocations
{
    /// <summary>Of the account and its webhook.</summary>
    public static readonly IReadOnlyList<Provocation> OfAccount =
    [
        Provocation.Of("clock", Mark.Good, "The clocks agree.", patient => patient.House.Time.Shift = TimeSpan.Zero),
        Provocation.Of("clock", Mark.Doubtful, "{0} Set it right (NTP).", patient => patient.House.Time.Shift = TimeSpan.FromMinutes(1)),
        Provocation.Of("clock", Mark.Bad, "events that seem to come from the future", patient => patient.House.Time.Shift = TimeSpan.FromMinutes(-10)),

        Provocation.Of("token", Mark.Good, "The token is @{0}'s.", _ => { }),
        Provocation.Of("token", Mark.Bad, "The token is not taken:", patient => patient.House.World.RevokeToken(patient.Connected.Token.Reveal())),

        Provocation.Of("profile", Mark.Good, "It is marked as a bot, and its profile says whom to ask.", patient => patient.Configured = patient.By(patient.House.World.AddAccount("b1", isBot: true, description: "Ask @alice"))),
        Provocation.Of("profile", Mark.Doubtful, "It is not marked as a bot, which", patient => patient.Configured = patient.By(patient.House.World.AddAccount("b2", description: "https://alice.example"))),
        Provocation.Of("profile", Mark.Doubtful, "Its profile names nobody to ask about it, which", patient => patient.Configured = patient.By(patient.House.World.AddAccount("b3", isBot: true))),
        Provocation.Of("profile", Mark.Doubtful, "It is not marked as a bot, and", patient => patient.Configured = patient.By(patient.House.World.AddAccount("b4"))),

        Provocation.Of("permissions", Mark.Good, "that the rules need.", patient => patient.House.Misskey.ClearFaults()),
        Provocation.Of("permissions", Mark.Bad, "The token lacks", patient => patient.Configured = patient.By(patient.House.Owner, "read:account", "read:blocks", "read:mutes", "write:account")),
        Provocation.Of("permissions", Mark.Doubtful, "Not found out whether the token has", patient =>
        {
            patient.Configured = null;
            patient.House.Misskey.InjectAtRandom("*mute*", Fault.RefuseWith(500, "INTERNAL_ERROR"), probability: 1, seed: 0);
        }),

        Provocation.Of("surplus", Mark.Good, "The token may change nothing", _ => { }),
        Provocation.Of("surplus", Mark.Doubtful, "The token may do more than the rules need", patient => patient.Configured = patient.By(patient.House.Owner, "read:account", "write:reactions")),

        Provocation.Of("webhook", Mark.Good, "is there, active, and bears the right secret.", _ => { }),
        Provocation.Of("webhook", Mark.Doubtful, "The webhooks cannot be read:", patient => patient.House.Misskey.Inject("i/webhooks/list", Fault.RefuseWith(500, "INTERNAL_ERROR"))),
        new("webhook", Mark.Bad, "is switched off.", patient => patient.House.ChangeHookAsync("""{"webhookId":"ID","active":false}""")),
        new("webhook", Mark.Bad, "bears another secret", patient => patient.House.ChangeHookAsync("""{"webhookId":"ID","active":true,"secret":"fedcba9876543210"}""")),
        new("webhook", Mark.Bad, "Misskey has no webhook whose address", patient => patient.House.CallAsync("i/webhooks/delete", $$"""{"webhookId":"{{patient.House.Hooks()[0].Id}}"}""")),

        Provocation.Of("types", Mark.Good, "The webhook is for all that the rules need", _ => { }),
        new("types", Mark.Bad, "which the rules need. Tick them", patient => patient.House.ChangeHookAsync("""{"webhookId":"ID","on":["note"]}""")),
        new("types", Mark.Doubtful, "The webhook is not for 'note'", patient => patient.House.ChangeHookAsync("""{"webhookId":"ID","on":["mention"]}""")),

        Provocation.Of("status", Mark.Good, "Misskey's last webhook was taken", _ => { }),
        Status("is answered with 404: the proxy does not pass /hooks/ on to this engine", 404),
        Status("is answered with 401: another engine listens there", 401),
        Status("is answered with {1}: the proxy does not reach this engine", 502),
        Status("Look at the log of the proxy in front.", 418),
        Status("redirects (HTTP {1}). A redirected webhook arrives as a GET and is lost: let", 304),
        new("status", Mark.Bad, "a proxy redirects, so that the POST arrives as a GET", async patient =>
        {
            await patient.LeadToProxyAsync(301, patient.House.Door.AbsoluteUri);
            await patient.DeliverAsync();
        }),
        new("status", Mark.Bad, "Misskey gets no HTTP answer from", async patient =>
        {
            await patient.LeadToAsync(new Uri($"http://127.0.0.1:{FreePort.Find()}"));
            await patient.DeliverAsync();
        }),
        new("status", Mark.Good, "Misskey has sent nothing by it yet.", async patient =>
        {
            await patient.House.CallAsync("i/webhooks/delete", $$"""{"webhookId":"{{patient.House.Hooks()[0].Id}}"}""");
            patient.House.AddWebhook("note");
        }),

        Provocation.Of("way", Mark.Good, "is taken after {1:0} ms.", _ => { }),
        Way("redirects to {1} (HTTP {2}).", 301, "https://elsewhere.example/hooks/main"),
        Way("does not know the secret. Is it another one", 401),
        Way("is answered with 404: the proxy does not pass /hooks/ on to the engine.", 404),
        Way("is answered with 405: the proxy changes the POST.", 405),
        Way("is answered with 413:", 413),
        Way("the engine does not run, or the proxy does not reach it", 503),
        Way("but not by the engine", 200),
        Way("Look at the log of the proxy.", 418),
        new("way", Mark.Bad, "cannot be reached from here:", patient => patient.LeadToAsync(new Uri($"http://127.0.0.1:{FreePort.Find()}"))),
        new("way", Mark.Doubtful, "s to answer; after 5 s", patient =>
        {
            patient.Takes = TimeSpan.FromSeconds(3);
            return patient.LeadToProxyAsync(204);
        }),
        Provocation.Of("way", Mark.Bad, "does not answer within 5 s, after which", patient => patient.Takes = null),
    ];

    /// <summary>Of an account that is streamed.</summary>
    public static readonly IReadOnlyList<Provocation> OfStream =
    [
        Provocation.Of("stream", Mark.Good, "it needs no webhook.", _ => { }),
        Provocation.Of("stream", Mark.Good, "It has heard its stream since {0}.", patient => patient.Configured = patient.Connected.At(patient.House.Time.GetUtcNow()) with { Source = AccountSource.Both }),
        Provocation.Of("stream", Mark.Bad, "The running engine does not listen to its stream.", patient => patient.Configured = patient.Configured! with { Name = "another" }),
        new("stream", Mark.Bad, "It has not heard its stream since", async patient =>
        {
            patient.Configured = null;
            patient.House.World.StreamsAreDown = true;
            await Eventually.HoldsAsync(async () => (await patient.LookAtAsync("stream")).Mark == Mark.Bad, "the engine has noticed it");
        }),
        Provocation.Of("stream", Mark.Doubtful, "and none runs. Start it", patient => patient.Settings = patient.Fresh()),
    ];

    /// <summary>Of the machine.</summary>
    public static readonly IReadOnlyList<Provocation> OfMachine =
    [
        Provocation.Of("rules", Mark.Good, "{0} from {1} can be used.", _ => { }),
        Provocation.Of("rules", Mark.Bad, "have errors. `validate` shows where.", patient =>
        {
            patient.Settings = patient.Fresh();
            patient.Folder.Write("rules/a.yaml", "rules:\n  - name: a\n    on: mentoin\n    do:\n      - reply: hi\n");
        }),

        Provocation.Of("store", Mark.Good, "There is no store yet", patient => patient.Settings = patient.Fresh()),
        Provocation.Of("store", Mark.Good, "The store can be read.", patient => patient.Settings = null),
        Provocation.Of("store", Mark.Bad, "The store cannot be read:", patient =>
        {
            patient.Folder.Write("data/automations.db", new string('x', 5_000));
            patient.Settings = patient.Fresh();
        }),

        Provocation.Of("engine", Mark.Good, "An engine runs on", patient => patient.Settings = null),
        Provocation.Of("engine", Mark.Doubtful, "No engine runs on", patient => patient.Settings = patient.Fresh()),
        Provocation.Of("engine", Mark.Bad, "does not answer within {1} s. Look at the load", Hang),
        new("engine", Mark.Bad, "runs, but cannot store anything", async patient =>
        {
            patient.Settings = null;
            await LockAsync(patient);
            await Eventually.HoldsAsync(async () => (await patient.LookAtAsync("engine")).Mark == Mark.Bad, "the engine has noticed it");
        }),
    ];

    /// <summary>Of disks, which take the rights of root.</summary>
    public static readonly IReadOnlyList<Provocation> OfDisks =
    [
        Disk(Mark.Good, "GiB are free where", 3_000),
        Disk(Mark.Doubtful, "lies. Make room.", 500),
        Disk(Mark.Bad, "soon nothing can be stored", 50),
    ];

    public static IEnumerable<Provocation> All => [.. OfAccount, .. OfStream, .. OfMachine, .. OfDisks];

    private static Provocation Status(string tells, int status) => new("status", Mark.Bad, tells, async patient =>
    {
        await patient.LeadToProxyAsync(status);
        await patient.DeliverAsync();
    });

    private static Provocation Way(string tells, int status, string? location = null) => new("way", Mark.Bad, tells, patient => patient.LeadToProxyAsync(status, location));

    private static Provocation Disk(Mark mark, string tells, int mebibytes) => new("disk", mark, tells, async patient =>
    {
        var data = $"disk-{mebibytes}";
        patient.Mounted.Add(await SmallDisk.MountAsync(patient.Folder[data], mebibytes));
        patient.Settings = patient.Fresh(data);
    });

    // It takes the connection, and that is all.
    private static void Hang(Patient patient)
    {
        patient.Settings = patient.Fresh("hung");
        Directory.CreateDirectory(patient.Settings.Data);
        patient.Hung = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        patient.Hung.Bind(new UnixDomainSocketEndPoint(ControlSocket.PathIn(patient.Settings.Data)));
        patient.Hung.Listen();
        _ = patient.Hung.AcceptAsync(TestContext.Current.CancellationToken).AsTask().ContinueWith(
            _ => patient.Stopwatch.Advance(TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    private static async Task LockAsync(Patient patient)
    {
        patient.Lock = new SqliteConnection($"Data Source={Path.Combine(patient.House.Data, "automations.db")};Pooling=false");
        await patient.Lock.OpenAsync(TestContext.Current.CancellationToken);
        using var begin = patient.Lock.CreateCommand();
        begin.CommandText = "begin immediate";
        await begin.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Tests.Cli;
using MisskeyAutomations.Tests.EndToEnd;
using Person = MisskeyAutomations.Sandbox.Model.Account;

namespace MisskeyAutomations.Tests.Dashboard;

/// <summary>
/// The program as a process, a stand-in Misskey and a browser, for all tests that look at pages: started once, signed in once. Tests put
/// <c>[Collection(DashboardHouse.Name)]</c> above their class and take it in their constructor; they run one after another.
/// </summary>
public sealed partial class DashboardHouse : IAsyncLifetime
{
    public const string Name = "dashboard";

    /// <summary>The passphrase that was set by the first link.</summary>
    public const string Passphrase = "a few words to keep";

    private const string Rules = """
        rules:
          - name: greet-mentions
            on: mention
            do:
              - reply: "Hello, ${note.user.username}!"
          - name: heart-replies
            on: reply
            do:
              - react: "❤"
        """;

    private readonly TemporaryFolder _folder = new();
    private SandboxServer? _misskey;
    private ProgramRun? _program;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string _session = "";

    /// <summary>Where the dashboard is, without a slash at its end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>Where webhooks come to, without a slash at its end.</summary>
    public string Door { get; private set; } = "";

    /// <summary>Where the engine takes the owner's webhooks.</summary>
    public Uri Hook => new($"{Door}/hooks/main");

    /// <summary>The data directory of the engine.</summary>
    public string Data => _folder["data"];

    /// <summary>The folder of its rules.</summary>
    public string RulesFolder => _folder["rules"];

    /// <summary>The stand-in Misskey, in which people can be let act.</summary>
    internal SandboxWorld World => _misskey!.World;

    /// <summary>The same as a server, which can be let go wrong.</summary>
    internal SandboxServer Misskey => _misskey!;

    /// <summary>The person whom the engine acts for.</summary>
    internal Person Owner { get; private set; } = null!;

    /// <summary>Another person.</summary>
    internal Person Bob { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _misskey = await SandboxServer.StartAsync(new SandboxOptions { DeliveriesPerSecond = 1_000, DeliveryTimeout = Eventually.Patience }, CancellationToken.None);
        (Owner, Bob) = (World.AddAccount("alice", "Alice"), World.AddAccount("bob", "Bob <b>the</b> builder"));
        _folder.Write("rules/rules.yaml", Rules);
        Door = $"http://127.0.0.1:{FreePort.Find()}";
        Address = $"http://127.0.0.1:{FreePort.Find()}";
        _program = ProgramRun.Start(_folder.Path, new Dictionary<string, string>(ProgramRun.EnvironmentOf(_misskey.Url, Owner.Token))
        {
            ["MISSKEYAUTOMATIONS__DASHBOARD"] = "",
            ["MISSKEYAUTOMATIONS__DASHBOARD__URLS"] = Address,
        }, "run", "--urls", Door);
        World.AddWebhook(Owner, Hook.AbsoluteUri, House.Secret, House.HookTypes);
        await Eventually.HoldsAsync(() => _program.HasExited || Link.IsMatch(_program.Output), "the link is printed");
        Assert.False(_program.HasExited, _program.Error);

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Find(), Args = ["--no-sandbox"] });
        await SignInAsync(Link.Match(_program.Output).Value);
    }

    /// <summary>A page in a browser that is signed in.</summary>
    public Task<IPage> OpenAsync(Looks? looks = null) => OpenAsync(looks ?? new(), _session);

    /// <summary>A page in a browser that never was here.</summary>
    public Task<IPage> OpenAsStrangerAsync(Looks? looks = null) => OpenAsync(looks ?? new(), session: null);

    /// <summary>A fresh link into the dashboard, as the command prints it.</summary>
    public async Task<string> MakeLinkAsync()
    {
        var (code, output, error) = await ProgramRun.ToEndAsync(_folder.Path, null, "dashboard", "link");
        Assert.True(code == 0, error);
        return output.Trim();
    }

    public async ValueTask DisposeAsync()
    {
        await (_browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        _playwright?.Dispose();
        await (_program?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_misskey?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    private async Task SignInAsync(string link)
    {
        var page = await OpenAsStrangerAsync();
        await page.GotoAsync(link);
        await page.FillAsync("#passphrase", Passphrase);
        await page.FillAsync("#again", Passphrase);
        await page.ClickAsync("button[type=submit]");
        Assert.Equal($"{Address}/", page.Url);
        _session = await page.Context.StorageStateAsync();
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(Looks looks, string? session)
    {
        var context = await _browser!.NewContextAsync(new()
        {
            Locale = looks.Language,
            ColorScheme = looks.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = looks.IsPhone ? new() { Width = 390, Height = 844 } : new() { Width = 1280, Height = 900 },
            ReducedMotion = ReducedMotion.Reduce,
            TimezoneId = "Asia/Tokyo",
            JavaScriptEnabled = looks.HasScript,
            StorageState = session,
        });
        context.SetDefaultTimeout((float)Eventually.Patience.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    [GeneratedRegex(@"http://[^\s]+/sign-in/link/\w+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Link { get; }
}

/// <summary>How somebody looks at a page.</summary>
public sealed record Looks(string Language = "en", bool IsDark = false, bool IsPhone = false, bool HasScript = true)
{
    /// <summary>So many that each language is seen light and dark, on a phone and a wide screen.</summary>
    public static IReadOnlyList<Looks> All { get; } = [new("en"), new("en", IsDark: true, IsPhone: true), new("ja", IsPhone: true), new("ja", IsDark: true)];

    public override string ToString() => $"{Language}-{(IsDark ? "dark" : "light")}-{(IsPhone ? "phone" : "desktop")}";
}

[CollectionDefinition(DashboardHouse.Name)]
public sealed class DashboardTests : ICollectionFixture<DashboardHouse>;

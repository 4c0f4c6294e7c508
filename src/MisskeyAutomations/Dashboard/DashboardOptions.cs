using System.Net;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Api;

namespace MisskeyAutomations.Dashboard;

/// <summary>Where the dashboard is, and who may reach it.</summary>
internal sealed record DashboardOptions
{
    /// <summary>Where it listens unless it is told otherwise: this machine alone.</summary>
    public const string DefaultUrls = "http://127.0.0.1:8081";

    /// <summary>Where it listens; several addresses are parted by <c>;</c>.</summary>
    public string Urls { get; init; } = DefaultUrls;

    /// <summary>The names by which it may be called, beside those of this machine and bare addresses: no other name is answered.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The proxies whose word on who calls, and by https or http, is believed; nobody else's is.</summary>
    public IReadOnlyList<IPNetwork> Proxies { get; init; } = [];

    /// <summary>The passphrase, where the settings give it; null: it is set by whoever opens the first link.</summary>
    public Secret? Passphrase { get; init; }

    /// <summary>Whether owners may sign in as the accounts that the engine acts for.</summary>
    public bool MisskeySignIn { get; init; } = true;

    /// <summary>How much of the API may be used.</summary>
    public ApiOptions Api { get; init; } = new();

    /// <summary>What the settings say, to be shown on the pages.</summary>
    public IReadOnlyList<ShownSetting> Shown { get; init; } = [];

    /// <summary>How many pages may be open that update by themselves.</summary>
    public int MostFeeds { get; init; } = 512;

    /// <summary>Whether this is the sandbox: a link signs in without a passphrase, since all is gone at its end.</summary>
    public bool IsSandbox { get; init; }
}

/// <summary>A setting as it is.</summary>
/// <param name="Name">As it stands in the configuration.</param>
/// <param name="Value">What it says; empty for nothing.</param>
internal sealed record ShownSetting(string Name, string Value);

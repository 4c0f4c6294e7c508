using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>Who is told of the engine's own trouble.</summary>
internal sealed record AlertOptions
{
    /// <summary>Each of them is told of everything; none: nobody is.</summary>
    public IReadOnlyList<AlertTarget> Targets { get; init; } = [];

    /// <summary>After how long without a webhook an account is said to be silent; a day by default, null: never.</summary>
    public TimeSpan? Silence { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How many messages a target gets within an hour at most; 10 by default. What there is more is told together.</summary>
    public int PerHour { get; init; } = 10;

    /// <summary>The language of the sentences; that of the environment.</summary>
    public Translation Language { get; init; } = Translation.English;

    /// <summary>By what name this engine's troubles are kept apart from those of others on the same store; null: by that of its data directory.</summary>
    public string? Engine { get; init; }
}

/// <summary>Where alerts go.</summary>
internal abstract record AlertTarget
{
    private AlertTarget()
    {
    }

    /// <summary>What people know it by, without secrets.</summary>
    public abstract string Name { get; }

    /// <summary>A POST to a server.</summary>
    /// <param name="Address">Where to; it may hold a secret.</param>
    /// <param name="Key">What it is signed with; null: it is not.</param>
    public sealed record Http(Secret Address, Secret? Key) : AlertTarget
    {
        public override string Name => new Uri(Address.Reveal()).Host;
    }

    /// <summary>A notification of an account to itself, or a direct note of it to a user.</summary>
    /// <param name="Account">The account that tells.</param>
    /// <param name="User">Such as <c>@owner@misskey.example</c>; null for a notification.</param>
    public sealed record Misskey(string Account, string? User) : AlertTarget
    {
        public override string Name => "misskey";
    }
}

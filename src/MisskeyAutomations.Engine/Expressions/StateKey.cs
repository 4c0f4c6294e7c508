using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>How <c>state(key, per)</c> asks for what <c>set</c> kept: <c>per:key</c>, the account's own as <c>account:key</c>.</summary>
public static class StateKey
{
    /// <summary>Characters that a key may have.</summary>
    public const int MaxLength = 100;

    /// <summary>What state can be kept per, beside the account.</summary>
    public static readonly IReadOnlyList<string> Scopes = ["user", "note", "thread", "host"];

    /// <summary>The look-up of a key.</summary>
    /// <param name="key">As written in <c>set</c>.</param>
    /// <param name="per">One of <see cref="Scopes"/>; null for the account's own.</param>
    public static Lookup Of(string key, string? per) => new(LookupKind.State, $"{per ?? "account"}:{key}");

    /// <summary>What a look-up of state asks for; <c>per</c> is null for the account's own.</summary>
    public static (string Key, string? Per) Read(Lookup lookup)
    {
        var colon = lookup.Key.IndexOf(':', StringComparison.Ordinal);
        var per = lookup.Key[..colon];
        return (lookup.Key[(colon + 1)..], per == "account" ? null : per);
    }
}

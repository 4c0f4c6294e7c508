namespace MisskeyAutomations.Accounts;

/// <summary>How an account's events come.</summary>
internal enum AccountSource
{
    /// <summary>Misskey posts them to this program's address.</summary>
    Webhook,

    /// <summary>This program holds a connection to Misskey, which tells them there: no address is needed.</summary>
    Streaming,

    /// <summary>Both: what one misses the other brings, and what both bring is one event.</summary>
    Both,
}

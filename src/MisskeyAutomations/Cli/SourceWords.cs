using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary>Says at the start how the events of the accounts come.</summary>
internal static class SourceWords
{
    /// <summary>One or two sentences.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="address">Where the engine listens.</param>
    public static Phrase Of(IReadOnlyCollection<Account> accounts, string address)
    {
        var hooks = string.Join(", ", accounts.Where(account => account.Source is not AccountSource.Streaming || account.SystemHookSecrets.Count > 0).Select(account => $"{address}/hooks/{account.Name}"));
        var streams = string.Join(", ", accounts.Where(account => account.IsStreamed).Select(account => account.Name));
        return streams.Length == 0 ? Phrase.Of($"Webhooks are taken at {hooks}.")
            : hooks.Length == 0 ? Phrase.Of($"Events are streamed from Misskey for: {streams}.")
            : Phrase.Of($"Webhooks are taken at {hooks}. Events are streamed from Misskey for: {streams}.");
    }
}

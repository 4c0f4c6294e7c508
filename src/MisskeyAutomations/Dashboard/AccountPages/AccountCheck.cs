using Microsoft.Extensions.Options;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Checkup;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Sources;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.AccountPages;

/// <summary>What <c>doctor</c> finds, for the pages.</summary>
internal sealed class AccountCheck(
    AccountDirectory directory, ConnectedAccounts connected, AccountCheckup checkup, StreamStates streams, RuleFolder folder, IOptions<StoreOptions> store)
{
    /// <summary>Looks at one account, or at this machine and all of them.</summary>
    public async Task<IReadOnlyList<CheckedThing>> LookAsync(string? only, CancellationToken cancellationToken)
    {
        var rules = folder.Exists ? folder.Again().Read().RuleSet : null;
        var found = new List<CheckedThing>();
        if (only is null)
        {
            found.Add(CheckedThing.Of(null, MachineFinding.OfRules(rules, folder.Path)));
            found.Add(CheckedThing.Of(null, MachineFinding.OfDisk(store.Value.DataDirectory)));
        }

        foreach (var account in directory.All.Where(account => only is null || account.Name == only).OrderBy(account => account.Name, StringComparer.Ordinal))
        {
            await foreach (var finding in checkup.LookAsync(account, connected.Find(account.Name), rules, cancellationToken))
            {
                found.Add(CheckedThing.Of(account.Name, finding));
            }

            if (account.IsStreamed)
            {
                found.Add(CheckedThing.Of(account.Name, StreamFinding.Of(
                    account, streams.All.TryGetValue(account.Name, out var state) ? new(state.Since, state.Trouble) : null)));
            }
        }

        return found;
    }
}

/// <summary>What was found about one thing.</summary>
/// <param name="Account">Whose it is; null for this machine's.</param>
/// <param name="Tag">Good, warn or bad.</param>
/// <param name="Sentence">What was found; where it is not good, what to do.</param>
public sealed record CheckedThing(string? Account, string Tag, Phrase Sentence)
{
    internal static CheckedThing Of(string? account, Finding finding) =>
        new(account, finding.Mark switch { Mark.Good => "good", Mark.Doubtful => "warn", _ => "bad" }, finding.Sentence);
}

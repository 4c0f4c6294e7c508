using System.Threading.Channels;

namespace MisskeyAutomations.Accounts;

/// <summary>What is done for every account for as long as it is there.</summary>
internal static class AccountLoops
{
    extension(AccountDirectory accounts)
    {
        /// <summary>
        /// Begins a loop for each account, those of later too, and ends it when the account goes. It begins anew when the account's server,
        /// token, source or rhythm changes; new webhook secrets are none of its business.
        /// </summary>
        /// <param name="loop">Runs until it is cancelled.</param>
        /// <param name="cancellationToken">Ends all of them.</param>
        public async Task ForEachAsync(Func<Account, CancellationToken, Task> loop, CancellationToken cancellationToken)
        {
            var changes = Channel.CreateUnbounded<string>();
            var running = new Dictionary<string, Loop>(StringComparer.Ordinal);
            void Tell(string name) => changes.Writer.TryWrite(name);
            accounts.Changed += Tell;
            try
            {
                foreach (var account in accounts.All)
                {
                    Tell(account.Name);
                }

                await foreach (var name in changes.Reader.ReadAllAsync(cancellationToken))
                {
                    var (before, account) = (running.GetValueOrDefault(name), accounts.Find(name));
                    if (before is not null && account is not null && IsSame(before.Account, account))
                    {
                        continue;
                    }

                    if (before is not null)
                    {
                        running.Remove(name);
                        await before.EndAsync();
                    }

                    if (account is not null)
                    {
                        running[name] = Loop.Begin(account, loop, changes.Writer, cancellationToken);
                    }
                }
            }
            finally
            {
                accounts.Changed -= Tell;
                foreach (var one in running.Values)
                {
                    await one.EndAsync();
                }
            }
        }
    }

    private static bool IsSame(Account before, Account after) =>
        before.Server == after.Server && before.Token.Reveal() == after.Token.Reveal() && before.CatchUp == after.CatchUp
        && before.Source == after.Source && before.Followers == after.Followers;

    private sealed record Loop(Account Account, CancellationTokenSource Ending, Task Work)
    {
        public static Loop Begin(Account account, Func<Account, CancellationToken, Task> loop, ChannelWriter<string> changes, CancellationToken cancellationToken)
        {
            var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            return new(account, ending, RunAsync(account, loop, changes, ending.Token));
        }

        public async Task EndAsync()
        {
            await Ending.CancelAsync();
            await Work;
            Ending.Dispose();
        }

        // A fault that a loop does not handle itself ends the program, as it would without us.
        private static async Task RunAsync(Account account, Func<Account, CancellationToken, Task> loop, ChannelWriter<string> changes, CancellationToken cancellationToken)
        {
            try
            {
                await loop(account, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // It is told to end.
            }
            catch (Exception fault)
            {
                changes.TryComplete(fault);
            }
        }
    }
}

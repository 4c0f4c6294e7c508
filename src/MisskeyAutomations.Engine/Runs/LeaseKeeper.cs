namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// Renews the lease of a run while a request of it is on its way, however long that takes: nobody takes the run over meanwhile and sends the
/// request as well.
/// </summary>
internal sealed class LeaseKeeper(IRunStore store, TimeProvider time)
{
    /// <summary>So long after the last renewal nothing more is sent: of the 120 s that a lease lasts the rest is left for the answer.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>Waits for the end of a request.</summary>
    /// <param name="run">The run that is leased to this node.</param>
    /// <param name="renewedAt">The timestamp of the last renewal.</param>
    /// <param name="begin">Begins the request; its token ends it when the lease is not to be had any more.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <exception cref="LeaseLostException">Another node has taken the run over, or may soon: what became of the request is for it to find out.</exception>
    public async Task<T> KeepAsync<T>(Run run, long renewedAt, Func<CancellationToken, Task<T>> begin, CancellationToken cancellationToken)
    {
        using var giving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var request = begin(giving.Token);
        while (!await IsOverAsync(request))
        {
            var stamp = time.GetTimestamp();
            switch (await RenewAsync(run))
            {
                case Renewal.Done:
                    renewedAt = stamp;
                    break;
                case Renewal.Lost:
                case Renewal.Failed when time.GetElapsedTime(renewedAt) + Interval > LongestPause:
                    await giving.CancelAsync();
                    await ((Task)request).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    throw new LeaseLostException(run.Id);
            }
        }

        return await request;
    }

    private async Task<bool> IsOverAsync(Task request)
    {
        await request.WaitAsync(Interval, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return request.IsCompleted;
    }

    private async Task<Renewal> RenewAsync(Run run)
    {
        try
        {
            await store.RenewAsync(run, CancellationToken.None);
            return Renewal.Done;
        }
        catch (LeaseLostException)
        {
            return Renewal.Lost;
        }
        catch (Exception)
        {
            // The store cannot be written just now; the next time it may be.
            return Renewal.Failed;
        }
    }

    private enum Renewal
    {
        Done,
        Lost,
        Failed,
    }
}

using MisskeyAutomations.Checkup;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Inbox;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Cli;

/// <summary>Looks at what lies on this machine: rules, disk, store, and whether an engine runs.</summary>
internal sealed class MachineCheckup(EngineSettings settings, TimeProvider time)
{
    // A store that is in trouble needs some seconds to say so.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>The rules, once they were looked at; null when they have errors.</summary>
    public RuleSet? Rules { get; private set; }

    /// <summary>What is found.</summary>
    public IEnumerable<Finding> Look()
    {
        yield return LookAtRules();
        yield return MachineFinding.OfDisk(settings.Data);
        yield return LookAtStore();
        yield return LookAtEngine();
    }

    private Finding LookAtRules()
    {
        try
        {
            var reading = RuleFolders.Open(settings.Rules, settings.AllowAdmin, KnownAccounts.NamesOf(settings)).Read();
            Rules = reading.RuleSet;
            return MachineFinding.OfRules(Rules, settings.Rules);
        }
        catch (CommandFailure missing)
        {
            return Finding.Bad("rules", missing.Sentence);
        }
    }

    private Finding LookAtStore()
    {
        if (!RecordedStore.IsIn(settings.Data))
        {
            return Finding.Good("store", $"There is no store yet; the engine makes it.");
        }

        try
        {
            using var readers = RecordedStore.Open(settings.Data);
            _ = new EventQueries(readers).ListNewest(1);
            return Finding.Good("store", $"The store can be read.");
        }
        catch (Exception trouble) when (trouble is StoreUnavailableException or CommandFailure)
        {
            return Finding.Bad("store", $"The store cannot be read: {trouble.Message}");
        }
    }

    private Finding LookAtEngine()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            using var client = ControlSocket.Client(settings.Data);
            using var answer = client.Send(new HttpRequestMessage(HttpMethod.Get, new Uri("readyz", UriKind.Relative)), patience.Token);
            return answer.IsSuccessStatusCode ? Finding.Good("engine", $"An engine runs on {settings.Data}.")
                : Finding.Bad("engine", $"The engine on {settings.Data} runs, but cannot store anything; its log says why.");
        }
        catch (OperationCanceledException)
        {
            return Finding.Bad("engine", $"The engine on {settings.Data} does not answer within {Patience.TotalSeconds} s. Look at the load of this machine, and at its log; start it again if that says nothing.");
        }
        catch (HttpRequestException)
        {
            return Finding.Doubtful("engine", $"No engine runs on {settings.Data}. Start it: `run`.");
        }
    }
}

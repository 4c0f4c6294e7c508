using System.Data.Common;
using DbUp.Builder;
using DbUp.Engine;

namespace MisskeyAutomations.Storage;

/// <summary>Brings a database to this version's schema: the embedded scripts of its kind in the order of their numbers, each in a transaction.</summary>
internal static class StoreMigrations
{
    private const string Prefix = "MisskeyAutomations.Storage.Migrations.";

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StoreInaccessibleException">A script failed; it left nothing behind.</exception>
    public static void Apply(Database database, UpgradeEngineBuilder builder)
    {
        var result = builder.WithScripts(Scripts(database)).WithTransactionPerScript().WithVariablesDisabled().LogToNowhere().Build().PerformUpgrade();
        if (!result.Successful)
        {
            throw result.Error is DbException error ? database.Explain(error)
                : new StoreInaccessibleException(database.Name, $"the schema could not be brought up to date: {result.Error.Message}", result.Error);
        }
    }

    /// <summary>Refuses a database that a newer version has written.</summary>
    /// <param name="database">The database.</param>
    /// <param name="applied">The scripts that were applied to it.</param>
    /// <exception cref="StoreTooNewException">One of them is not known.</exception>
    public static void RefuseNewer(Database database, IEnumerable<string> applied)
    {
        var known = Scripts(database).Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        if (applied.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new StoreTooNewException(database.Name, unknown);
        }
    }

    /// <summary>Refuses a database that this version has not brought up to date.</summary>
    /// <exception cref="StoreTooOldException">A script was not applied to it.</exception>
    public static void RefuseOlder(Database database, IEnumerable<string> applied)
    {
        if (Scripts(database).Select(script => script.Name).Except(applied, StringComparer.Ordinal).Any())
        {
            throw new StoreTooOldException(database.Name);
        }
    }

    private static IEnumerable<SqlScript> Scripts(Database database)
    {
        var prefix = $"{Prefix}{(database.IsShared ? "Postgres" : "Sqlite")}.";
        var assembly = typeof(StoreMigrations).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return new SqlScript(resource[prefix.Length..], reader.ReadToEnd());
        }
    }
}

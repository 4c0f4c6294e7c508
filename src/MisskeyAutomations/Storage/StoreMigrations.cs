using Dapper;
using DbUp;
using DbUp.Engine;
using Microsoft.Data.Sqlite;

namespace MisskeyAutomations.Storage;

/// <summary>Brings the database to this version's schema: the embedded scripts in the order of their numbers, each in a transaction.</summary>
internal static class StoreMigrations
{
    private const string Prefix = "MisskeyAutomations.Storage.Migrations.";

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="StoreTooNewException">The database has a migration that this version does not know.</exception>
    public static void Apply(string databasePath, string connectionString)
    {
        RefuseNewer(databasePath, connectionString);
        var result = DeployChanges.To.SqliteDatabase(connectionString)
            .WithScripts(Scripts())
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
        {
            throw new StoreInaccessibleException(databasePath, $"the schema could not be brought up to date: {result.Error.Message}", result.Error);
        }
    }

    private static void RefuseNewer(string databasePath, string connectionString)
    {
        using var connection = new SqliteConnection(connectionString);
        connection.Open();
        if (connection.ExecuteScalar<long>("select count(*) from sqlite_schema where name = 'SchemaVersions'") == 0)
        {
            return;
        }

        var known = Scripts().Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        var unknown = connection.Query<string>("select ScriptName from SchemaVersions order by SchemaVersionID")
            .FirstOrDefault(name => !known.Contains(name));
        if (unknown is not null)
        {
            throw new StoreTooNewException(databasePath, unknown);
        }
    }

    private static IEnumerable<SqlScript> Scripts()
    {
        var assembly = typeof(StoreMigrations).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return new SqlScript(resource[Prefix.Length..], reader.ReadToEnd());
        }
    }
}

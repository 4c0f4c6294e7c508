using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Mono.Cecil;
using Mono.Cecil.Cil;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>No statement of the store goes through a table that grows with the years, unless it is known to and seldom asked.</summary>
public sealed partial class QueryPlanTests : IDisposable
{
    // What they go through is small, or a person has asked.
    private static readonly string[] Known =
    [
        "select d.id, a.name as account, d.event_id as eventId", // the beginning of several statements, which go on with the rows that they want
        "select r.id, r.delivery, a.name as account, ru.name as rule", // likewise
        "select d.id from hooks h cross join deliveries d where d.hook = h.id and d.event_id = @key", // an event by its id, in an index that has all that is asked
        "select m.\"user\", m.compared_at", // how many followers an account has: every few hours
        "select f.\"user\", f.follow from followers f", // the followers of an account, to be compared: every few hours
        "insert into accounts (name) values (?)", // a new name; what refers to it is looked at by its key
        "select name, hash, read_only, created_at from api_keys", // as many as somebody made
        "select name, sealed from connected_accounts", // as many as an engine has accounts
        "select count(*) from deliveries where received_at between", // the length of a replay's progress bar
        "update runs set lease = null, wake_at = ? where wake_at is not null and lease is not null", // once, at the start: the runs at which the former process was
        "update steps set state = 2, had_effect = 1", // a restored backup
        "update runs set state = ?, waits_for = 0, due_at = null, wake_at = null, lease = null, waits_since = null", // a restored backup
        "delete from follower", // a restored backup
        "select r.delivery from runs r join steps s on s.run = r.id", // purge
        "select r.delivery from runs r join lookups l on l.run = r.id", // purge
        "delete from reports where delivery = ?", // purge
        "select delivery, body from bodies", // purge, page by page
        "update budget_tokens set at = at + ?", // a clock that was put: what counts for hours or days
        "update limit_places set at = at + ?", // a clock that was put: what counts for as long as its limit says
    ];

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void No_statement_goes_through_a_table_that_grows()
    {
        var options = new StoreOptions { DataDirectory = _directory.Path };
        Store.Open(options, TimeProvider.System).Dispose();
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = options.DatabasePath, Pooling = false }.ToString());
        connection.Open();

        var statements = Statements().ToList();
        var scanning = statements.Where(sql => !Known.Any(known => sql.StartsWith(known, StringComparison.Ordinal)))
            .SelectMany(sql => Plan(connection, sql).Where(line => Scan.IsMatch(line)).Select(line => $"{line}\n    {sql}")).ToList();

        Assert.InRange(statements.Count, 100, int.MaxValue);
        Assert.True(scanning.Count == 0, string.Join("\n\n", scanning));
    }

    // Statements of PostgreSQL alone, and pieces of statements, are none of SQLite's.
    private static List<string> Plan(SqliteConnection connection, string sql)
    {
        try
        {
            var text = List.Replace(sql, " in (1)");
            using var command = new SqliteCommand($"explain query plan {text}", connection);
            foreach (var name in Parameter.Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal))
            {
                command.Parameters.AddWithValue(name, DBNull.Value);
            }

            using var reader = command.ExecuteReader();
            var lines = new List<string>();
            while (reader.Read())
            {
                lines.Add(reader.GetString(3));
            }

            return lines;
        }
        catch (Exception unread) when (unread is SqliteException or InvalidOperationException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Statements()
    {
        using var module = ModuleDefinition.ReadModule(typeof(Store).Assembly.Location);
        return
        [
            .. module.GetTypes().Where(type => Outermost(type).Namespace is "MisskeyAutomations.Storage" or "MisskeyAutomations.Storage.Sqlite")
                .SelectMany(type => type.Methods).Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)
                .Where(instruction => instruction.OpCode.Code == Code.Ldstr).Select(instruction => (string)instruction.Operand)
                .Where(text => Statement.IsMatch(text)).Distinct(StringComparer.Ordinal),
        ];
    }

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    // An index for part of the rows only holds few of them: those that are undecided, unfinished or on their way. What is stale is as much as a sender likes.
    // So is a search that knows the account or the hook alone.
    [GeneratedRegex(@"^SEARCH (?!h\b|hooks\b)\w+ USING (PRIMARY KEY|(COVERING )?INDEX \w+) \((account|hook)=\?\)$|^SCAN (?!(\w+ USING (COVERING )?INDEX (deliveries_undecided|deliveries_quarantined|steps_on_their_way|steps_posting|runs_unfinished|runs_waiting|runs_overlapping|runs_to_wake|limit_places_promised))|CONSTANT ROW|\(subquery|accounts|hooks|rules|rule_versions|v\b|ru\b|a\b|h\b|settings|nodes|breakers|deaths|x\b|catch_up_marks|cron_marks|m\b|q\b|w\b|u\b|sqlite_schema|heard|private_deliveries|taken\b|pragma_table_info|json_each|SchemaVersions|SUBQUERY)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Scan { get; }

    [GeneratedRegex(@"^\s*(select|insert|update|delete)\s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Statement { get; }

    [GeneratedRegex(@"@\w+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Parameter { get; }

    [GeneratedRegex(@" in @\w+", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex List { get; }
}

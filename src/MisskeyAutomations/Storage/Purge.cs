using System.Text;
using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Storage;

/// <summary>
/// Removes what is stored of a person: every event whose request names them, with its verdicts, runs and steps, and what limits, state and
/// breakers keep about them.
/// </summary>
internal sealed class Purge(Store store)
{
    private const int PageSize = 200;

    // In seconds. One look goes through all that rules noted of people in years.
    private const int LongestLook = 600;

    // Rows that name a person outside of their events.
    private static readonly (string Table, string Column)[] Keys =
        [("limit_places", "key"), ("state", "scope"), ("state", "key"), ("state", "value"), ("breakers", "name"), ("budget_tokens", "bucket"), ("followers", "\"user\"")];

    private static readonly (string Table, string Delivery)[] Traces =
    [
        ("subjects", "delivery"), ("reports", "event"), ("reports", "delivery"),
    ];

    /// <summary>The ids of a person whom requests name.</summary>
    /// <param name="username">The name, without the server.</param>
    /// <param name="host">The server; null for people of an account's own.</param>
    public IReadOnlySet<string> FindIds(string username, string? host)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, body) in Bodies())
        {
            try
            {
                using var document = JsonDocument.Parse(body);
                Collect(document.RootElement, username, host, ids);
            }
            catch (JsonException)
            {
                // What cannot be read names nobody; the walk over texts finds them there all the same.
            }
        }

        return ids;
    }

    /// <summary>The events that name any of these texts.</summary>
    public IReadOnlySet<long> FindEvents(IReadOnlyCollection<string> texts)
    {
        var needles = texts.Select(Encoding.UTF8.GetBytes).ToList();
        var found = Bodies().Where(row => needles.Exists(needle => row.Stored.AsSpan().IndexOf(needle) >= 0)).Select(row => row.Delivery).ToHashSet();
        found.UnionWith(VerdictsThatName(texts));
        foreach (var pattern in texts.Select(Pattern))
        {
            store.Readers.Read(connection =>
            {
                foreach (var (table, delivery) in Traces)
                {
                    found.UnionWith(connection.Query<long>($@"select {delivery} from {table} where lower(key) like @pattern escape '\'", new { pattern }, commandTimeout: LongestLook));
                }

                const string Steps = """
                    select r.delivery from runs r join steps s on s.run = r.id
                    where lower(s.intent) like @pattern escape '\' or lower(s.answer) like @pattern escape '\' or lower(s.reason) like @pattern escape '\' or lower(s.object) like @pattern escape '\'
                        or lower(r.subject) like @pattern escape '\' or lower(r.reason) like @pattern escape '\'
                    """;
                const string Lookups = @"select r.delivery from runs r join lookups l on l.run = r.id where lower(l.subject) like @pattern escape '\' or lower(l.reason) like @pattern escape '\'";
                found.UnionWith(connection.Query<long>(Steps, new { pattern }, commandTimeout: LongestLook));
                found.UnionWith(connection.Query<long>(Lookups, new { pattern }, commandTimeout: LongestLook));
                return 0;
            });
        }

        return found;
    }

    // What rules said of a person stays longer than what the person said.
    private IEnumerable<long> VerdictsThatName(IReadOnlyCollection<string> texts) =>
        from row in Walk("select id, verdicts from deliveries where id > @after and verdicts is not null order by id limit @max")
        where VerdictBlob.TryRead(row.Stored, out var verdicts)
            && verdicts.Any(verdict => texts.Any(text => verdict.Because?.Contains(text, StringComparison.OrdinalIgnoreCase) is true))
        select row.Delivery;

    /// <summary>Removes them, and what else bears such a text.</summary>
    public async Task RemoveAsync(IReadOnlySet<long> events, IReadOnlyCollection<string> texts, CancellationToken cancellationToken)
    {
        foreach (var page in events.Order().Chunk(PageSize))
        {
            await store.Writer.RunAsync(db => Array.ForEach(page, delivery => Remove(db, delivery)), cancellationToken);
        }

        foreach (var (table, column) in Keys)
        {
            var sql = $@"delete from {table} where lower({column}) like ? escape '\'";
            foreach (var pattern in texts.Select(Pattern))
            {
                await store.Writer.RunAsync(db => db.Sql(sql).Bind(pattern).Run(), cancellationToken);
            }
        }
    }

    // SQLite gives numbers above the highest that is there, so of the newest event its number stays.
    private static void Remove(WriterConnection db, long delivery)
    {
        const string Places = "delete from limit_places where run in (select id from runs where delivery = ?)";
        const string Deaths = "delete from deaths where kind = 1 and id in (select id from runs where delivery = ?)";
        foreach (var sql in (string[])
        [
            Places, Deaths,
            "delete from heard where run in (select id from runs where delivery = ?)",
            "delete from lookups where run in (select id from runs where delivery = ?)",
            "delete from steps where run in (select id from runs where delivery = ?)",
            "delete from runs where delivery = ?",
            "delete from heard where delivery = ?",
            "delete from reports where event = ?",
            "delete from reports where delivery = ?",
            "delete from subjects where delivery = ?",
            "delete from bodies where delivery = ?",
            "delete from private_deliveries where delivery = ?",
            "delete from deaths where kind = 0 and id = ?",
            "delete from deliveries where id = ? and id < (select max(id) from deliveries)",
            "update deliveries set event_id = 'removed', state = 6, verdicts = null, type = null, note = 'a person was removed' where id = ?",
        ])
        {
            db.Sql(sql).Bind(delivery).Run();
        }
    }

    private IEnumerable<(long Delivery, byte[] Stored)> Bodies() => Walk("select delivery, body from bodies where delivery > @after order by delivery limit @max");

    // Page by page, by the number of the delivery.
    private IEnumerable<(long Delivery, byte[] Stored)> Walk(string sql)
    {
        var after = 0L;
        List<(long Delivery, byte[] Stored)> page;
        do
        {
            page = store.Readers.Read(connection => connection.Query<(long Delivery, byte[] Stored)>(sql, new { after, max = PageSize }).ToList());
            foreach (var row in page)
            {
                yield return row;
            }

            after = page.Count > 0 ? page[^1].Delivery : after;
        }
        while (page.Count == PageSize);
    }

    private static void Collect(JsonElement element, string username, string? host, HashSet<string> ids)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (string.Equals(element.GetText("username"), username, StringComparison.OrdinalIgnoreCase)
                    && string.Equals(element.GetText("host"), host, StringComparison.OrdinalIgnoreCase) && element.GetText("id") is { Length: > 0 } id)
                {
                    ids.Add(id);
                }

                foreach (var member in element.EnumerateObject())
                {
                    Collect(member.Value, username, host, ids);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, username, host, ids);
                }

                break;
        }
    }

    // Compared in small letters, since PostgreSQL tells letters apart.
    private static string Pattern(string text) =>
        $"%{text.ToLowerInvariant().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal)}%";
}

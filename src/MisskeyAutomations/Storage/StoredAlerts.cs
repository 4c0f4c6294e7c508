using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>A trouble of which a target was told, or is to be told.</summary>
internal sealed record AlertRow
{
    /// <summary>Who is told.</summary>
    public required string Target { get; init; }

    /// <summary>What kind of trouble it is.</summary>
    public required string Kind { get; init; }

    /// <summary>What it is about.</summary>
    public required string Subject { get; init; }

    /// <summary>The sentence.</summary>
    public required string Text { get; init; }

    /// <summary>Since when it lasts.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When its target was told; null: not yet.</summary>
    public DateTimeOffset? ToldAt { get; init; }

    /// <summary>When it was over; null: it lasts.</summary>
    public DateTimeOffset? OverAt { get; init; }
}

/// <summary>The troubles of each engine that its owner knows of: a restart must not tell them again.</summary>
internal sealed class StoredAlerts(Store store)
{
    /// <summary>The name of this engine.</summary>
    public string Engine => store.Engine;

    /// <summary>The rows of an engine.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public IReadOnlyList<AlertRow> List(string engine)
    {
        const string Sql = "select target, kind, subject, text, since, told_at, over_at from alerts where engine = @engine";
        return store.Readers.Read(connection => connection
            .Query<(string Target, string Kind, string Subject, string Text, long Since, long? ToldAt, long? OverAt)>(Sql, new { engine })
            .Select(row => new AlertRow
            {
                Target = row.Target,
                Kind = row.Kind,
                Subject = row.Subject,
                Text = row.Text,
                Since = DateTimeOffset.FromUnixTimeMilliseconds(row.Since),
                ToldAt = TimeOf(row.ToldAt),
                OverAt = TimeOf(row.OverAt),
            }).ToList());
    }

    /// <summary>Puts these rows in place of all those of the engine; completes once they are on disk.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be written now.</exception>
    public Task ReplaceAsync(string engine, IReadOnlyList<AlertRow> rows, CancellationToken cancellationToken)
    {
        const string Sql = "insert into alerts (engine, target, kind, subject, text, since, told_at, over_at) values (?, ?, ?, ?, ?, ?, ?, ?)";
        return store.Writer.RunAsync(
            db =>
            {
                db.Sql("delete from alerts where engine = ?").Bind(engine).Run();
                foreach (var row in rows)
                {
                    db.Sql(Sql).Bind(engine).Bind(row.Target).Bind(row.Kind).Bind(row.Subject).Bind(row.Text).Bind(row.Since).Bind(row.ToldAt).Bind(row.OverAt).Run();
                }
            },
            cancellationToken);
    }

    private static DateTimeOffset? TimeOf(long? milliseconds) => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}

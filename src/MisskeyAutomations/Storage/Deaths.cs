using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>How often the engine died at what.</summary>
internal static class Deaths
{
    /// <summary>Counts one more death at each of these, and forgets what has come to its end all the same.</summary>
    /// <returns>The deaths at all that is not at its end.</returns>
    public static IReadOnlyDictionary<Evaluated, int> Count(WriterConnection db, IReadOnlyList<Evaluated> left, DateTimeOffset now)
    {
        const string Add = """
            insert into deaths (kind, id, number, at) values (?, ?, 1, ?)
            on conflict (kind, id) do update set number = deaths.number + 1, at = excluded.at
            """;
        foreach (var what in left)
        {
            db.Sql(Add).Bind((long)what.Kind).Bind(what.Id).Bind(now).Run();
        }

        const string Forget = """
            delete from deaths where number < ? and not exists (select 1 from deliveries d where kind = 0 and d.id = deaths.id and d.state = 0)
                and not exists (select 1 from runs r where kind = 1 and r.id = deaths.id and r.state < 4)
            """;
        db.Sql(Forget).Bind(BlackBox.MostDeaths).Run();
        return db.Sql("select kind, id, number from deaths").All(static row => (What: new Evaluated((EvaluatedKind)row.Int(0), row.Long(1)), Number: row.Int(2)))
            .ToDictionary(row => row.What, row => row.Number);
    }

    /// <summary>Forgets the deaths at one thing.</summary>
    public static void Forget(WriterConnection db, Evaluated what) =>
        db.Sql("delete from deaths where kind = ? and id = ?").Bind((long)what.Kind).Bind(what.Id).Run();
}

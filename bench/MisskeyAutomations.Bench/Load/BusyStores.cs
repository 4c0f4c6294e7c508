using System.Globalization;
using Microsoft.Data.Sqlite;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Bench.Load;

/// <summary>A store after a busy week of two accounts: a million events, one in ten a mention with a run and its step, made by SQL within a minute or two.</summary>
internal static class BusyStores
{
    // About as large as a note that a webhook brings: 1.6 KiB.
    private const string Body = """
        '{"server":"https://misskey.example","hookId":"atxobffpnxg8001d","userId":"atxo91l6nxg80004","eventId":"' || lower(hex(randomblob(16))) || '","createdAt":' || at
        || ',"type":"' || type || '","body":{"note":{"id":"' || lower(hex(randomblob(8))) || '","createdAt":"2026-11-24T03:00:00.000Z","userId":"u' || (i % 5000) || '","user":{"id":"u' || (i % 5000)
        || '","name":"ユーザー ' || (i % 5000) || '","username":"user' || (i % 5000) || '","host":' || case i % 3 when 0 then 'null' else '"remote' || (i % 50) || '.example"' end
        || ',"avatarUrl":"https://misskey.example/files/webpublic-' || lower(hex(randomblob(16))) || '","avatarBlurhash":"' || hex(randomblob(16)) || '","avatarDecorations":[],"isBot":false,"isCat":false,"emojis":{},"onlineStatus":"unknown","badgeRoles":[]},"text":"'
        || case i when 1 then '@alice a kingfisher' else '@alice 今日は ' || hex(randomblob(40)) || case i % 500 when 0 then ' おはよう' else ' こんにちは' end || '\nline ' || i end
        || '","cw":null,"visibility":"public","localOnly":false,"reactionAcceptance":null,"renoteCount":0,"repliesCount":0,"reactionCount":0,"reactions":{},"reactionEmojis":{},"fileIds":[],"files":[],"replyId":null,"renoteId":null,"mentions":["atxo91l6nxg80004"],"filler":"'
        || hex(randomblob(250)) || '"}}}'
        """;

    public static void Make(string data, int count, string rare, DateTimeOffset now)
    {
        Directory.CreateDirectory(data);
        Store.Open(new StoreOptions { DataDirectory = data }, TimeProvider.System).Dispose();
        var (end, apart) = (now.ToUnixTimeMilliseconds(), (long)TimeSpan.FromDays(7).TotalMilliseconds / count);
        Execute(data, string.Create(CultureInfo.InvariantCulture, $"""
            insert into accounts (id, name) values (1, 'first'), (2, 'second');
            insert into hooks (id, account, hook_id) values (1, 1, 'h1'), (2, 2, 'h2');
            insert into rules (id, name, fired_at) values (1, 'pong', {end});
            insert into rule_versions (id, rule, hash, text) values (1, 1, 'hash', null);
            create temp table made as
                with recursive n(i) as (select 1 union all select i + 1 from n where i < {count})
                select i, {end} - ({count} - i) * {apart} as at, case when i % 10 = 0 then 'mention' when i = 2 then 'abuseReport' else 'note' end as type from n;
            insert into deliveries (id, hook, created_at, event_id, source, received_at, scrubbed, state, type, verdicts, note)
                select i, case when i % 20 = 0 then 2 else 1 end, at, randomblob(16), i % 2, at, 0, 1, type,
                    case type when 'mention' then cast('[["pong"]]' as blob) else cast('[["pong","when","contains(note.said, ''ping'') = false (note.said = ''' || hex(randomblob(40)) || ''')"]]' as blob) end, null
                from made;
            insert into bodies (delivery, body) select i, cast({Body} as blob) from made;
            insert into subjects (account, key, delivery, readable) select 1, 'note:' || lower(hex(randomblob(8))), i, 1 from made;
            insert into runs (id, account, delivery, subject, version, dry_run, state, phase, branch, waits_for, due_at, event_at, created_at, waited, seed, attempts, epoch, wake_at)
                select i / 10, case when i % 20 = 0 then 2 else 1 end, i, 'note:' || i, 1, 0, case when i % 20000 = 0 then {(long)RunState.Failed} when i % 50000 = 10 then {(long)RunState.Waiting} else {(long)RunState.Succeeded} end,
                    {(long)RunPhase.Steps}, 'do', case when i % 50000 = 10 then {(long)WaitReason.Step} else 0 end, null, at, at, 0, i, 0, 1, case when i % 50000 = 10 then {end} + 86400000 end
                from made where type = 'mention';
            insert into steps (run, path, kind, state, intent, answer, reason, at, had_effect, object, began_at, attempts)
                select id, 'do[0]', 'reply', 3, '{Intent}', '{Answer}', null, created_at + 900, 1, lower(hex(randomblob(8))), created_at + 600, 1 from runs;
            insert into activity (span, at, account, rule, what, number)
                select 1, at / 3600000 * 3600000, case when i % 20 = 0 then 2 else 1 end, 0, 0, count(*) from made group by 2, 3;
            insert into activity (span, at, account, rule, what, number)
                select 1, at / 3600000 * 3600000, case when i % 20 = 0 then 2 else 1 end, 1, w.what, count(*) from made, (select 1 as what union select 4 union select 9) w where type = 'mention' group by 2, 3, w.what;
            insert into activity (span, at, account, rule, what, number)
                select 0, at / 60000 * 60000, case when i % 20 = 0 then 2 else 1 end, 0, 0, count(*) from made where at > {end} - 7200000 group by 2, 3;
            """));
        if (!Body.Contains(rare, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The first event does not say '{rare}'.", nameof(rare));
        }
    }

    private const string Intent = """{"action":"reply","endpoint":"notes/create","body":"{\"text\":\"PONG!\",\"replyId\":\"n1\",\"visibility\":\"public\"}","repeat":1,"budget":"notes","summary":"reply to @bob: \"PONG!\"","remarks":[]}""";
    private const string Answer = """{"id":"9abc","createdAt":"2026-11-24T03:00:00.000Z","text":"PONG!","visibility":"public"}""";

    private static void Execute(string data, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(data, "automations.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = $"pragma synchronous = off; begin; {sql}; commit; pragma wal_checkpoint(truncate);";
        command.ExecuteNonQuery();
    }
}

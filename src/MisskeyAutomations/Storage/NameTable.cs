namespace MisskeyAutomations.Storage;

/// <summary>
/// The numbers that stand for names in the tables; unknown names get one. Remembered until a transaction is undone, since numbers given
/// in it are gone with it.
/// </summary>
internal sealed class NameTable(WriterConnection db)
{
    // Rule versions come and go with every edit of a rule.
    private const int MaxVersions = 4_096;

    // Misskey lets a user have a handful of webhooks. Their ids are the sender's word, and one that invents an id for each event must not fill the table, which
    // is gone through for each account.
    private const int MaxHooksOfAccount = 256;

    // More than an account's are there where a former version stored them.
    private const int MaxKnownHooks = 4_096;

    // Another process may have added the same name since the look: then it is that one's number.
    private const string AddAccount = "insert into accounts (name) values (?) on conflict (name) do update set name = excluded.name returning id";
    private const string AddRule = "insert into rules (name) values (?) on conflict (name) do update set name = excluded.name returning id";
    private const string AddHook = """
        insert into hooks (account, hook_id) values (?, ?) on conflict (account, hook_id) do update set hook_id = excluded.hook_id returning id
        """;

    private readonly Dictionary<string, long> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string HookId), long> _hooks = [];
    private readonly HashSet<long> _accountsWithAllHooks = [];
    private readonly Dictionary<string, long> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Rule, string Hash), long> _versions = [];

    public long Account(string name) => Known(_accounts, name, static (db, name) =>
        db.Sql("select id from accounts where name = ?").Bind(name).Number() ?? db.Sql(AddAccount).Bind(name).Number()!.Value);

    /// <summary>The number of an account's hook. Once it has as many as it may, new ones count as one without an id.</summary>
    public long Hook(string account, string hookId)
    {
        if (_hooks.TryGetValue((account, hookId), out var id))
        {
            return id;
        }

        var owner = Account(account);
        if (db.Sql("select id from hooks where account = ? and hook_id = ?").Bind(owner).Bind(hookId).Number() is { } stored)
        {
            return Remember(account, hookId, stored);
        }

        return hookId.Length > 0 && HasAllHooks(owner) ? Hook(account, "") : Remember(account, hookId, db.Sql(AddHook).Bind(owner).Bind(hookId).Number()!.Value);
    }

    public long Rule(string name) => Known(_rules, name, static (db, name) =>
        db.Sql("select id from rules where name = ?").Bind(name).Number() ?? db.Sql(AddRule).Bind(name).Number()!.Value);

    /// <summary>The number of a rule's version, whose text is stored (again) with it.</summary>
    public long Version(string ruleName, string hash, string text)
    {
        if (_versions.TryGetValue((ruleName, hash), out var id))
        {
            return id;
        }

        const string Sql = """
            insert into rule_versions (rule, hash, text) values (?, ?, ?)
            on conflict (rule, hash) do update set text = excluded.text
            returning id
            """;
        id = db.Sql(Sql).Bind(Rule(ruleName)).Bind(hash).Bind(text).Number()!.Value;
        if (_versions.Count == MaxVersions)
        {
            _versions.Clear();
        }

        _versions.Add((ruleName, hash), id);
        return id;
    }

    /// <summary>Forgets everything: a transaction was undone, or texts of versions were dropped.</summary>
    public void Forget()
    {
        _accounts.Clear();
        _hooks.Clear();
        _accountsWithAllHooks.Clear();
        _rules.Clear();
        ForgetVersions();
    }

    /// <summary>Forgets which versions have their text: another process may have dropped it.</summary>
    public void ForgetVersions() => _versions.Clear();

    private long Remember(string account, string hookId, long id)
    {
        if (_hooks.Count == MaxKnownHooks)
        {
            _hooks.Clear();
        }

        _hooks.Add((account, hookId), id);
        return id;
    }

    private bool HasAllHooks(long account)
    {
        const string Sql = "select 1 from hooks where account = ? limit 1 offset ?";
        if (!_accountsWithAllHooks.Contains(account) && db.Sql(Sql).Bind(account).Bind(MaxHooksOfAccount - 1).Number() is not null)
        {
            _accountsWithAllHooks.Add(account);
        }

        return _accountsWithAllHooks.Contains(account);
    }

    private long Known(Dictionary<string, long> known, string name, Func<WriterConnection, string, long> find)
    {
        if (!known.TryGetValue(name, out var id))
        {
            id = find(db, name);
            known.Add(name, id);
        }

        return id;
    }
}

using System.CommandLine;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Cli;

/// <summary><c>scopes</c>: the permissions that the rules need, and whether the accounts' tokens have them.</summary>
internal static class ScopesCommand
{
    public static Command Describe()
    {
        var rules = CommonOptions.Rules();
        var offline = new Option<bool>("--offline") { Description = "Do not ask Misskey what the tokens may do" };
        var lang = Languages.Option();
        var command = new Command("scopes", "Say which permissions the rules need, and whether the tokens have them") { rules, offline, lang };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetValue(rules), parsed.GetValue(offline), Languages.Of(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string? path, bool isOffline, Translation language, CancellationToken cancellationToken)
    {
        var settings = EngineSettings.Read(path, null, null);
        var accounts = KnownAccounts.AllOf(settings);
        var folder = RuleFolders.Open(settings.Rules, settings.AllowAdmin, accounts.Count == 0 ? null : [.. accounts.Select(account => account.Name)]);
        var reading = folder.Read();
        if (reading.RuleSet is not { } rules)
        {
            DiagnosticPrinter.Print(reading.Diagnostics, folder.List().Count, language);
            return ExitCodes.Findings;
        }

        if (accounts.Count == 0)
        {
            var needs = TokenPermissions.NeedsOf(rules);
            Print(Phrase.Of($"The token of the account needs {Permissions(needs)}:"), needs, [], language);
            Say(isOffline ? "" : "No account is set up, so no token was asked.", language);
            return ExitCodes.Done;
        }

        await using var services = new ServiceCollection().AddLogging().AddAccounts(accounts).AddMisskey().AddSingleton<TokenProbe>().BuildServiceProvider();
        var isWhole = true;
        foreach (var account in accounts)
        {
            var needs = TokenPermissions.NeedsOf(rules, account.Name, account.CatchUp is not null);
            var answers = isOffline ? [] : await AskAsync(services.GetRequiredService<TokenProbe>(), account, needs, cancellationToken);
            Print(Phrase.Of($"The token of account {account.Name} ({account.Server.Host}) needs {Permissions(needs)}:"), needs, answers, language);
            isWhole &= Conclude(account, answers, language);
        }

        return isWhole ? ExitCodes.Done : ExitCodes.Findings;
    }

    private static async Task<Dictionary<string, TokenAnswer>> AskAsync(TokenProbe probe, Account account, IReadOnlyList<PermissionNeed> needs, CancellationToken cancellationToken)
    {
        var answers = new Dictionary<string, TokenAnswer>(StringComparer.Ordinal);
        foreach (var need in needs)
        {
            answers[need.Permission] = answers.Values.FirstOrDefault(answer => answer.IsRefused) ?? await probe.AskAsync(account.Name, need.Permission, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return answers;
    }

    private static void Print(Phrase heading, IReadOnlyList<PermissionNeed> needs, Dictionary<string, TokenAnswer> answers, Translation language)
    {
        Say(heading, language);
        foreach (var need in needs)
        {
            var sign = answers.GetValueOrDefault(need.Permission) is not { } answer ? "-" : answer.Has switch { true => "✓", false => "✗", null => "?" };
            Phrase? title = Misskey.Permissions.TitleOf(need.Permission);
            var name = title is null ? need.Permission : $"{need.Permission}  {title.In(language)}";
            Console.WriteLine($"  {sign} {name}");
            Console.WriteLine($"      {need.NeededBy.In(language)}");
        }

        Console.WriteLine();
    }

    /// <returns>Whether nothing lacks, as far as could be found out.</returns>
    private static bool Conclude(Account account, Dictionary<string, TokenAnswer> answers, Translation language)
    {
        var missing = answers.Where(answer => answer.Value.Has is false).Select(answer => answer.Key).ToArray();
        var unclear = answers.Where(answer => answer.Value.Has is null).ToArray();
        if (missing.Length > 0)
        {
            Say(Phrase.Of($"The token of {account.Name} lacks {string.Join(", ", missing)}. Make a new one in Misskey under Settings > API, tick all of the above, and put it in the old one's place."), language);
        }
        else if (unclear.Length == 0 && answers.Count > 0)
        {
            Say(Phrase.Of($"The token of {account.Name} has them all."), language);
        }

        foreach (var (permissions, trouble) in unclear.GroupBy(answer => answer.Value.Trouble, answer => answer.Key, StringComparer.Ordinal).Select(group => (string.Join(", ", group), group.Key)))
        {
            Say(Phrase.Of($"Not found out whether it has {permissions}: {trouble}"), language);
        }

        return missing.Length == 0 && unclear.Length == 0;
    }

    private static Phrase Permissions(IReadOnlyList<PermissionNeed> needs) =>
        needs.Count == 1 ? Phrase.Of($"{needs.Count} permission") : Phrase.Of($"{needs.Count} permissions");

    private static void Say(Phrase sentence, Translation language)
    {
        if (sentence.Format.Length > 0)
        {
            Console.WriteLine(sentence.In(language));
        }
    }
}

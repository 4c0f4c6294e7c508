using System.Text;
using Microsoft.Extensions.Configuration;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>The file <c>automations.yaml</c> and the environment: what is in force, and what is told.</summary>
public sealed class SettingsTests : IDisposable
{
    private const string Account = """
        accounts:
          main:
            server: http://127.0.0.1:9
            token: token
            hook-secret: 0123456789abcdef

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_that_is_no_YAML_is_told_with_its_place()
    {
        _folder.Write("automations.yaml", "rules: rules\nurls: [\n");

        await FailsAsync("automations.yaml cannot be read: line 3, column 1: ");
    }

    [Theory]
    [InlineData("rulez: x", "automations.yaml: 'rulez' is no setting; did you mean 'rules'?")]
    [InlineData("allow_admn: true", "automations.yaml: 'allow_admn' is no setting; did you mean 'allow-admin'?")]
    [InlineData("frobnicate: 1", "automations.yaml: 'frobnicate' is no setting. There are: rules, data")]
    [InlineData("rules: [a, b]", "automations.yaml: 'rules' takes one value")]
    [InlineData("allow-admin: maybe", "allow-admin takes true or false, not 'maybe'")]
    public async Task A_setting_that_does_not_exist_is_told_with_the_nearest(string line, string sentence)
    {
        _folder.Write("automations.yaml", Account + line);

        await FailsAsync(sentence);
    }

    [Fact]
    public async Task A_misspelt_setting_of_an_account_is_told_with_the_nearest()
    {
        _folder.Write("automations.yaml", Account.Replace("hook-secret", "hook-secrte", StringComparison.Ordinal));

        await FailsAsync("automations.yaml: 'accounts.main.hook-secrte' is no setting; did you mean 'hook-secret'?");
    }

    [Theory]
    [InlineData("often")]
    [InlineData("0m")]
    [InlineData("30s")]
    [InlineData("25h")]
    [InlineData("9999h")]
    public async Task How_often_to_catch_up_must_be_sensible(string value)
    {
        _folder.Write("automations.yaml", $"{Account}    catch-up: {value}\n");

        await FailsAsync($"accounts.main.catch-up is '{value}'. Write how often to look, from 1m to 24h, such as 30m, or off.");
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("catch-up: 5m", 5)]
    [InlineData("catch-up: 2h", 120)]
    [InlineData("catch-up: off", null)]
    [InlineData("catch-up: false", null)]
    public void How_often_to_catch_up_is_read(string line, int? minutes)
    {
        var file = new ConfigurationBuilder().AddYamlStream(new MemoryStream(Encoding.UTF8.GetBytes($"{Account}    {line}\n"))).Build();

        Assert.Equal(minutes, AccountReader.Read(file).Single().CatchUp?.TotalMinutes);
    }

    [Theory]
    [InlineData("system-hook-secret: 0123456789abcdef", "accounts.main.system-hook-secret must not be a secret of the account's own webhook")]
    [InlineData("previous-system-hook-secret: 0123456789abcdef", "accounts.main.system-hook-secret must not be a secret of the account's own webhook")]
    [InlineData("system-hook-secret: short", "accounts.main.system-hook-secret is too short")]
    [InlineData("system-hook-secert: 0123456789abcdef0", "'accounts.main.system-hook-secert' is no setting; did you mean 'system-hook-secret'?")]
    public async Task A_wrong_secret_of_administrators_webhooks_is_told(string line, string sentence)
    {
        _folder.Write("automations.yaml", Account + "    " + line + "\n");

        await FailsAsync(sentence);
    }

    [Fact]
    public async Task A_cron_rule_for_none_of_two_accounts_is_refused_at_its_place()
    {
        _folder.Write("automations.yaml", Account + Account.Replace("accounts:\n", "", StringComparison.Ordinal).Replace("main", "second", StringComparison.Ordinal));
        _folder.Write("rules/a.yaml", "rules:\n  - name: morning\n    on: { cron: \"0 8 * * *\" }\n    do:\n      - note: hello\n");

        var (exitCode, output, error) = await ProgramRun.ToEndAsync(_folder.Path, new Dictionary<string, string>(StringComparer.Ordinal), "run");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("rules/a.yaml:3:9: error MKA1155: a rule on 'cron' must say for which account it is: there are main, second", output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_misspelt_variable_is_told_with_the_nearest()
    {
        await FailsAsync(
            "The environment variable MISSKEYAUTOMATIONS__RULEZ is no setting; did you mean 'rules'?", ("MISSKEYAUTOMATIONS__RULEZ", "x"));
    }

    [Fact]
    public async Task Options_come_before_the_environment_and_the_environment_before_the_file()
    {
        _folder.Write("automations.yaml", Account + "rules: of-the-file\n");

        await FailsAsync("There is no rules folder or file 'of-the-file'");
        await FailsAsync("There is no rules folder or file 'of-the-environment'", ("MISSKEYAUTOMATIONS__RULES", "of-the-environment"));
        var (_, _, error) = await ProgramRun.ToEndAsync(
            _folder.Path, new Dictionary<string, string> { ["MISSKEYAUTOMATIONS__RULES"] = "of-the-environment" }, "run", "--rules", "of-the-option");

        Assert.Contains("'of-the-option'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_can_be_given_by_the_environment_alone_with_its_secrets_in_files()
    {
        _folder.Write("secret", "0123456789abcdef\n");

        // All is well up to the rules.
        await FailsAsync(
            "There is no rules folder or file 'rules'",
            ("MISSKEYAUTOMATIONS__ACCOUNTS__MAIN__SERVER", "https://misskey.example"),
            ("MISSKEYAUTOMATIONS__ACCOUNTS__MAIN__TOKEN", "token"),
            ("MISSKEYAUTOMATIONS__ACCOUNTS__MAIN__HOOK_SECRET_FILE", "secret"),
            ("MISSKEYAUTOMATIONS__ALLOW_ADMIN", "true"));
    }

    [Theory]
    [InlineData("", "MISSKEY_TOKEN is missing or empty.")]
    [InlineData("to ken", "MISSKEY_TOKEN has a space")]
    [InlineData("token\n", "MISSKEY_TOKEN has a space")]
    public async Task A_token_that_can_be_none_is_told_at_the_start(string token, string sentence)
    {
        await FailsAsync(
            sentence,
            ("MISSKEY_SERVER", "https://misskey.example"),
            ("MISSKEY_TOKEN", token),
            ("MISSKEY_HOOK_SECRET", "0123456789abcdef"));
    }

    [Theory]
    [InlineData("http: { allow: [everything/0] }", "'everything/0' under http: allow: is no machine.")]
    [InlineData("http: { max-upload: lots }", "http: max-upload takes a number of MiB from 1 to 1024, not 'lots'.")]
    [InlineData("http: { alow: [a] }", "'http.alow' is no setting; did you mean 'allow'?")]
    [InlineData("secrets: { token: short }", "The secret token is too short: it must have at least 8 characters.")]
    [InlineData("secrets: { token-file: nowhere }", "The file 'nowhere' of the secret token cannot be read")]
    [InlineData("secrets: { 'a b': 0123456789 }", "'a b' under secrets cannot be the name of a secret")]
    public async Task What_is_wrong_with_calls_and_secrets_is_told_at_the_start(string setting, string sentence)
    {
        _folder.Write("automations.yaml", Account + setting + "\n");

        await FailsAsync(sentence);
    }

    [Fact]
    public async Task Calls_and_secrets_can_be_set_by_the_environment()
    {
        _folder.Write("token", "0123456789\n");

        // All is well up to the rules.
        await FailsAsync(
            "There is no rules folder or file 'rules'",
            ("MISSKEYAUTOMATIONS__HTTP__ALLOW", "192.168.1.10, hooks.example.internal:8443"),
            ("MISSKEYAUTOMATIONS__SECRETS__DISCORD_WEBHOOK", "https://discord.example/hook"),
            ("MISSKEYAUTOMATIONS__SECRETS__TOKEN_FILE", "token"),
            ("MISSKEY_SERVER", "https://misskey.example"),
            ("MISSKEY_TOKEN", "token"),
            ("MISSKEY_HOOK_SECRET", "0123456789abcdef"));
    }

    private async Task FailsAsync(string sentence, params (string Name, string Value)[] environment)
    {
        var (exitCode, output, error) = await ProgramRun.ToEndAsync(
            _folder.Path, environment.ToDictionary(variable => variable.Name, variable => variable.Value), "run");

        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(78, exitCode);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Empty(output);
    }
}

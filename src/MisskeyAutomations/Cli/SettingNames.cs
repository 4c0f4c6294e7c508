using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary>The names that settings have in <c>automations.yaml</c> and in the environment. One that is none of them is a mistake, and told.</summary>
internal static class SettingNames
{
    /// <summary>What the environment's names begin with.</summary>
    public const string Prefix = "MISSKEYAUTOMATIONS__";

    private const string Accounts = "accounts";
    private const string Http = "http";
    private const string Secrets = "secrets";
    private const string Allow = "allow";

    private static readonly string[] Engine = ["rules", "data", "store", "urls", "allow-admin", "settle", "keys", "public-url", Http, Secrets, Accounts];
    private static readonly string[] HttpNames = ["allow", "max-upload"];
    private static readonly string[] Account =
    [
        "server", "token", "hook-secret", "previous-hook-secret", "system-hook-secret", "previous-system-hook-secret", "catch-up",
        "server-file", "token-file", "hook-secret-file", "previous-hook-secret-file", "system-hook-secret-file", "previous-system-hook-secret-file",
    ];

    /// <summary>The setting that a variable means: <c>ALLOW_ADMIN</c> is <c>allow-admin</c>.</summary>
    public static string OfVariable(string name) => name.Replace('_', '-').ToLowerInvariant();

    /// <exception cref="CommandFailure">A name is unknown; the message says which was probably meant.</exception>
    public static void Check(IConfiguration file, IConfiguration environment)
    {
        Check(file, name => name, path => $"{EngineSettings.FileName}: '{path.Replace(':', '.')}'");
        Check(environment, OfVariable, path => $"The environment variable {Prefix}{path.Replace(":", "__", StringComparison.Ordinal)}");
    }

    private static void Check(IConfiguration settings, Func<string, string> nameOf, Func<string, Phrase> tell)
    {
        CheckNames(settings, Engine, nameOf, tell);
        CheckNames(settings.GetSection(Http), HttpNames, nameOf, tell);
        foreach (var account in settings.GetSection(Accounts).GetChildren())
        {
            CheckNames(account, Account, nameOf, tell);
        }
    }

    private static void CheckNames(IConfiguration settings, string[] known, Func<string, string> nameOf, Func<string, Phrase> tell)
    {
        foreach (var setting in settings.GetChildren())
        {
            var name = nameOf(setting.Key);
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                throw new CommandFailure(ExitCodes.Configuration, NearestName.Find(name, known) is { } near
                    ? Phrase.Of($"{tell(setting.Path)} is no setting; did you mean '{near}'? There are: {string.Join(", ", known)}.")
                    : Phrase.Of($"{tell(setting.Path)} is no setting. There are: {string.Join(", ", known)}."));
            }

            if (name is not (Accounts or Http or Secrets or Allow) && setting.GetChildren().Any())
            {
                throw new CommandFailure(ExitCodes.Configuration, $"{tell(setting.Path)} takes one value, not a list or a mapping.");
            }
        }
    }
}

using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Cli;

/// <summary>What the engine is started with: options before environment before <c>automations.yaml</c> before defaults.</summary>
internal sealed record EngineSettings
{
    private const string FileName = "automations.yaml";

    /// <summary>The rules folder; <c>rules</c> by default.</summary>
    public required string Rules { get; init; }

    /// <summary>Where the store is kept; <c>data</c> by default.</summary>
    public required string Data { get; init; }

    /// <summary>Where it listens; <c>http://127.0.0.1:8080</c> by default.</summary>
    public required string Urls { get; init; }

    /// <summary>Whether <c>api:</c> may call account-changing and administrators' endpoints.</summary>
    public bool AllowAdmin { get; init; }

    /// <summary>The accounts; none is an error for <c>run</c>.</summary>
    public required IReadOnlyList<Account> Accounts { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="CommandFailure">The file or a value is wrong.</exception>
    public static EngineSettings Read(string? rules, string? data, string? urls)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .SetBasePath(Directory.GetCurrentDirectory())
                .AddYamlFile(FileName, optional: true, reloadOnChange: false)
                .AddEnvironmentVariables("MISSKEYAUTOMATIONS__")
                .Add(new MisskeyVariables())
                .Build();
            return new EngineSettings
            {
                Rules = rules ?? configuration["rules"] ?? "rules",
                Data = data ?? configuration["data"] ?? "data",
                Urls = CheckUrls(urls ?? configuration["urls"] ?? "http://127.0.0.1:8080"),
                AllowAdmin = string.Equals(configuration["allow-admin"], "true", StringComparison.OrdinalIgnoreCase),
                Accounts = AccountReader.Read(configuration),
            };
        }
        catch (AccountException wrong)
        {
            throw new CommandFailure(ExitCodes.Configuration, wrong.Message, wrong);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Configuration, $"{FileName} cannot be read: {(wrong.InnerException ?? wrong).Message}", wrong);
        }
    }

    private static string CheckUrls(string urls)
    {
        foreach (var url in urls.Split(';'))
        {
            if (!Uri.TryCreate(url.Replace("://*", "://localhost", StringComparison.Ordinal).Replace("://+", "://localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri)
                || uri.Scheme != "http" || uri.AbsolutePath != "/")
            {
                throw new CommandFailure(ExitCodes.Configuration,
                    $"'{url}' is no address to listen on. Write it like http://127.0.0.1:8080, or http://0.0.0.0:8080 for all interfaces; https belongs to the proxy in front.");
            }
        }

        return urls;
    }

    /// <summary>Takes <c>MISSKEY_…</c> variables as they are.</summary>
    private sealed class MisskeyVariables : ConfigurationProvider, IConfigurationSource
    {
        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override void Load()
        {
            foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            {
                if (variable.Key is string name && name.StartsWith("MISSKEY_", StringComparison.Ordinal))
                {
                    Data[name] = variable.Value as string;
                }
            }
        }
    }
}

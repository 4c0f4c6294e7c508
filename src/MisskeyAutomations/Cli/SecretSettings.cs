using MisskeyAutomations.Accounts;

namespace MisskeyAutomations.Cli;

/// <summary>Reads values that must not be shown, and may stand in a file of their own.</summary>
internal static class SecretSettings
{
    /// <summary>The value of <c>NAME</c>, or what the file that <c>NAME-file</c> names holds; null when neither is given.</summary>
    /// <exception cref="CommandFailure">The file cannot be read.</exception>
    public static string? Read(IConfigurationSection section, string name)
    {
        if (section[$"{name}-file"] is not { Length: > 0 } path)
        {
            return section[name] is { Length: > 0 } value ? value : null;
        }

        try
        {
            return File.ReadAllText(path).TrimEnd('\r', '\n');
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCodes.Configuration, $"The file '{path}' of {section.Key}: {name}-file cannot be read: {trouble.Message}", trouble);
        }
    }

    /// <summary>A secret of at least so many characters; null when it is not given.</summary>
    /// <exception cref="CommandFailure">It is too short, or its file cannot be read.</exception>
    public static Secret? ReadKey(IConfigurationSection section, string name, int shortest) => Read(section, name) switch
    {
        null => null,
        var key when key.Length < shortest => throw new CommandFailure(ExitCodes.Configuration, $"{section.Key}: {name} is too short: it must have at least {shortest} characters. Make one with `openssl rand -hex 24`."),
        var key => new Secret(key),
    };
}

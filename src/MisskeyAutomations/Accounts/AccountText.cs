using System.Buffers;
using System.Text.Json;

namespace MisskeyAutomations.Accounts;

/// <summary>A connected account as it is written before it is encrypted: JSON. Fields that are not known are left alone.</summary>
internal static class AccountText
{
    /// <summary>The account as bytes.</summary>
    public static byte[] Write(ConnectedAccount account)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("server", account.Server.AbsoluteUri);
            json.WriteString("token", account.Token.Reveal());
            json.WriteString("userId", account.UserId);
            json.WriteString("username", account.Username);
            json.WriteString("source", account.Source.ToString());
            json.WriteString("hookId", account.HookId);
            json.WriteString("hookUrl", account.HookUrl?.AbsoluteUri);
            json.WriteStartArray("permissions");
            foreach (var permission in account.Permissions)
            {
                json.WriteStringValue(permission);
            }

            json.WriteEndArray();
            json.WriteStartArray("hookSecrets");
            foreach (var term in account.HookSecrets)
            {
                Write(json, term);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The account of these bytes.</summary>
    /// <exception cref="JsonException">They are none; so say <see cref="KeyNotFoundException"/>, <see cref="FormatException"/> and <see cref="InvalidOperationException"/>.</exception>
    public static ConnectedAccount Read(string name, ReadOnlyMemory<byte> bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var json = document.RootElement;
        return new ConnectedAccount
        {
            Name = name,
            Server = new Uri(Text(json, "server")),
            Token = new Secret(Text(json, "token")),
            UserId = Text(json, "userId"),
            Username = Text(json, "username"),
            Source = json.TryGetProperty("source", out var source) ? Enum.Parse<AccountSource>(source.GetString()!) : AccountSource.Webhook,
            HookId = json.GetProperty("hookId").GetString(),
            HookUrl = json.GetProperty("hookUrl").GetString() is { } url ? new Uri(url) : null,
            Permissions = [.. json.GetProperty("permissions").EnumerateArray().Select(permission => permission.GetString()!)],
            HookSecrets = [.. json.GetProperty("hookSecrets").EnumerateArray().Select(ReadTerm)],
        };
    }

    private static void Write(Utf8JsonWriter json, HookSecretTerm term)
    {
        json.WriteStartObject();
        json.WriteString("secret", term.Secret.Reveal());
        if (term.Until is { } until)
        {
            json.WriteString("until", until);
        }

        json.WriteEndObject();
    }

    private static HookSecretTerm ReadTerm(JsonElement term) =>
        new(new Secret(Text(term, "secret")), term.TryGetProperty("until", out var until) ? until.GetDateTimeOffset() : null);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is missing.");
}

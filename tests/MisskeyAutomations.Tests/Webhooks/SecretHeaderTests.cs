namespace MisskeyAutomations.Tests.Webhooks;

public sealed class SecretHeaderTests : IAsyncLifetime
{
    private Door _door = null!;

    public async ValueTask InitializeAsync() => _door = await Door.OpenAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [MemberData(nameof(HeaderCases))]
    public async Task Nothing_but_the_secret_in_its_header_once_opens_the_door(string headers)
    {
        var answer = await _door.SendRawAsync($"POST /hooks/alice HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\n{headers}\r\n{{}}");

        Assert.Matches("^HTTP/1.1 (401|400|431) ", answer);
        Assert.Empty(await _door.StoredAsync());
    }

    public static TheoryData<string> HeaderCases()
    {
        const string Name = "X-Misskey-Hook-Secret";
        string[] values =
        [
            "", " ", "a", "wrong", Door.Secret[..^1], Door.Secret + "x", "x" + Door.Secret, Door.Secret.ToUpperInvariant(), Door.Secret + Door.Secret,
            Door.Secret + ", " + Door.Secret, Door.Secret + "," + Door.Secret, Door.Secret + ";", "\"" + Door.Secret + "\"", "'" + Door.Secret + "'",
            "Bearer " + Door.Secret, "Basic " + Door.Secret, Door.Secret.Replace('-', '_'), Door.Secret.Replace("-", "", StringComparison.Ordinal),
            "%73hhh-alice-0123456789", "shhh-alice-0123456789%00", "shhh-alice-012345678９", "***", "null", "undefined", "true", "0", "*", ".*", "shhh*",
            "shhh-bob-0123456789", "once-alice-012345678", new string('a', 1_024), new string('a', 1_025), new string('a', 8_000), new string('a', 40_000),
            "\u00e9", "sécret", "shhh-alice-0123456789\u00a0", "shhh\talice-0123456789", "shhh-alice -0123456789", "shhh-alice-0123456789\0",
            "shhh-alice-0123456789\u0001", "ſhhh-alice-0123456789",
        ];
        return
        [
            .. values.Select(value => $"{Name}: {value}\r\n"),
            "",
            $"{Name}\r\n",
            $"{Name}:\r\n",
            $"{Name}: {Door.Secret}\r\n{Name}: {Door.Secret}\r\n",
            $"{Name}: {Door.Secret}\r\n{Name.ToLowerInvariant()}: {Door.Secret}\r\n",
            $"{Name}: {Door.Secret}\r\n{Name}: \r\n",
            $"{Name}: wrong\r\n{Name}: {Door.Secret}\r\n",
            $"{Name}: {Door.Secret}\r\n{Name}: wrong\r\n",
            $"{Name} : {Door.Secret}\r\n",
            $" {Name}: {Door.Secret}\r\n",
            $"{Name}:\r\n {Door.Secret}\r\n",
            $"X-Misskey-Hook-Secrets: {Door.Secret}\r\n",
            $"X_Misskey_Hook_Secret: {Door.Secret}\r\n",
            $"X-Misskey-Secret: {Door.Secret}\r\n",
            $"Authorization: {Door.Secret}\r\n",
            $"Authorization: Bearer {Door.Secret}\r\n",
            $"Cookie: {Name}={Door.Secret}\r\n",
            $"X-Hub-Signature-256: sha256={Door.Secret}\r\n",
        ];
    }
}

using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Administrators' webhooks, as real servers sent them, through the real door.</summary>
public sealed class SystemWebhooksTests
{
    private const string SystemSecret = "administrators-0123456789";
    private const string FormerSystemSecret = "administrators-former-0123";

    private const string Rules = """
        rules:
          - name: newcomer
            on: userCreated
            do:
              - note: welcome ${user.username}
          - name: report
            on: abuseReport
            do:
              - note: "${report.reporter.username} reports ${user.username}: ${report.comment}"
                allow-private: true
          - name: leaks
            on: abuseReport
            do:
              - note: ${report.comment}
          - name: warning
            on: [inactiveModeratorsWarning, inactiveModeratorsInvitationOnlyChanged]
            do:
              - note: ${event.type}
        """;

    [Fact]
    public async Task A_recorded_one_starts_its_rule()
    {
        await using var house = await OpenAsync();

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(house, "system-userCreated-admin-create", SystemSecret));
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(house, "system-abuseReport-report", FormerSystemSecret));
        await house.RestAsync();

        Assert.Equal(["bob reports henry: 迷惑行為の通報テスト", "welcome henry"], Texts(house));
    }

    [Fact]
    public async Task What_a_report_says_is_not_told_to_others_unless_the_rule_allows_it()
    {
        await using var house = await OpenAsync();

        await PostAsync(house, "system-abuseReport-report", SystemSecret);
        await house.RestAsync();

        var run = house.Ledger.Runs().Single(run => run.Rule == "leaks");
        Assert.Equal(StepState.Skipped, house.Ledger.Steps().Single(step => step.Run == run.Id).State);
    }

    [Fact]
    public async Task Two_hooks_that_report_the_same_start_a_rule_once()
    {
        await using var house = await OpenAsync();

        await PostAsync(house, "system-abuseReport-report", SystemSecret);
        await PostAsync(house, "system-abuseReport-report", SystemSecret, Rehooked);
        await PostAsync(house, "system-inactiveModeratorsInvitationOnlyChanged-test", SystemSecret);
        await PostAsync(house, "system-inactiveModeratorsInvitationOnlyChanged-test", SystemSecret, Rehooked);
        await house.RestAsync();

        Assert.Equal(["bob reports henry: 迷惑行為の通報テスト", "inactiveModeratorsInvitationOnlyChanged"], Texts(house));
        Assert.Equal(4, house.Ledger.Deliveries().Count);
    }

    [Theory]
    [InlineData("system-userCreated-test")]
    [InlineData("system-abuseReport-test")]
    [InlineData("system-abuseReportResolved-test")]
    [InlineData("system-inactiveModeratorsWarning-test")]
    public async Task A_dummy_of_the_test_button_starts_nothing(string name)
    {
        await using var house = await OpenAsync();

        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(house, name, SystemSecret));
        await house.RestAsync();

        Assert.Equal(DeliveryState.Test, Assert.Single(house.Ledger.Deliveries()).State);
        Assert.Empty(Texts(house));
    }

    [Fact]
    public async Task Neither_secret_speaks_for_the_other()
    {
        await using var house = await OpenAsync();
        string[] refused = ["system-userCreated-admin-create", "system-abuseReport-report", "system-inactiveModeratorsWarning-test"];

        foreach (var name in refused)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(house, name, House.Secret));
            Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(house, name, House.Secret, envelope => envelope["userId"] = house.Owner.Id));
        }

        foreach (var name in (string[])["mention-plain", "followed-plain", "note-plain"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(house, name, SystemSecret));
            Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(house, name, SystemSecret, envelope => envelope.Remove("userId")));
        }

        await house.RestAsync();
        Assert.Empty(house.Ledger.Deliveries());
        Assert.Contains(house.Log.Lines, line => line.Contains("a webhook of this kind bears the system-hook-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_administrators_own_webhook_about_reports_bears_the_accounts_secret()
    {
        await using var house = await OpenAsync();

        var own = await PostAsync(house, "root-reportAutoResolved-auto", House.Secret);
        var systems = await PostAsync(house, "root-reportAutoResolved-auto", SystemSecret, envelope => envelope.Remove("userId"));

        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NoContent), (own, systems));
    }

    private static void Rehooked(JsonObject envelope)
    {
        envelope["hookId"] = "anotherhook";
        envelope["eventId"] = "00000000-0000-4000-8000-000000000001";
    }

    private static async Task<House> OpenAsync()
    {
        var house = await House.OpenAsync(Rules, start: false);
        house.Accounts =
        [
            new Account
            {
                Name = "main",
                Server = house.Misskey.Url,
                Token = new Secret(house.Token),
                HookSecrets = [new Secret(House.Secret)],
                SystemHookSecrets = [new Secret(SystemSecret), new Secret(FormerSystemSecret)],
            },
        ];
        var createdAt = JsonElement.Parse(Payloads.Body("system-abuseReport-report")).GetProperty("createdAt").GetInt64();
        house.Time.Shift = DateTimeOffset.FromUnixTimeMilliseconds(createdAt) - TimeProvider.System.GetUtcNow();
        await house.StartAsync();
        return house;
    }

    private static Task<HttpStatusCode> PostAsync(House house, string name, string secret, Action<JsonObject>? change = null)
    {
        var envelope = JsonNode.Parse(Payloads.Body(name))!.AsObject();
        change?.Invoke(envelope);
        return house.PostAsync(change is null ? Payloads.Body(name) : envelope.ToJsonString(), secret);
    }

    private static string?[] Texts(House house) => [.. house.World.NotesOf(house.Owner).Select(note => note.Text).Order(StringComparer.Ordinal)];
}

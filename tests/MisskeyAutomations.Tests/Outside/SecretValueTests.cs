using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Tests.BuiltInActions;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Outside;

/// <summary>The value of a secret goes out and is seen nowhere else.</summary>
public sealed class SecretValueTests
{
    [Fact]
    public async Task The_value_is_put_in_where_it_stands_and_only_when_it_is_sent()
    {
        await using var rig = CallRig.Start(RawServer.Json(200, "{}"));
        var body = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["token"] = CallRig.SecretText("t:", "TOKEN"), ["text"] = Some.Data("${secret.TOKEN} {\"secret\":\"TOKEN\"} ***") }));

        var intent = rig.Prepare(rig.Address(), ("body", body));
        await rig.SendAsync(intent);

        Assert.DoesNotContain("CANARY", intent.Body + intent.Summary + intent.Endpoint, StringComparison.Ordinal);
        Assert.Contains("""{"secret":"TOKEN"}""", intent.Body, StringComparison.Ordinal);
        using var sent = System.Text.Json.JsonDocument.Parse(Assert.Single(rig.Server.Requests).Body);
        Assert.Equal("t:" + CallRig.Canary, sent.RootElement.GetProperty("token").GetString());
        Assert.Equal("${secret.TOKEN} {\"secret\":\"TOKEN\"} ***", sent.RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task An_address_that_is_a_secret_is_called_and_never_shown()
    {
        await using var rig = CallRig.Start(RawServer.Answer(404, "no hook abcdefghijklmnopqrstuvwxyz here", "Content-Type: text/plain"));

        var intent = rig.Prepare(CallRig.SecretText("", "WEBHOOK"), ("body", Some.Text("x")));
        var refused = Assert.IsType<ActionOutcome.Rejected>(await rig.SendAsync(intent));

        Assert.Equal("/hooks/abcdefghijklmnopqrstuvwxyz", Assert.Single(rig.Server.Requests).Path);
        Assert.Equal(("${secret.WEBHOOK}", "http POST ${secret.WEBHOOK}"), (intent.Endpoint, intent.Summary));
        Assert.Equal("The server refused (HTTP 404): no hook *** here", refused.Reason);
    }

    [Fact]
    public async Task What_a_server_sends_back_of_a_secret_is_masked_however_it_is_written()
    {
        var canary = CallRig.Canary;
        string[] written =
        [
            canary, Uri.EscapeDataString(canary), System.Net.WebUtility.UrlEncode(canary), System.Net.WebUtility.HtmlEncode(canary),
            Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(canary)), canary.Replace("/", "\\/", StringComparison.Ordinal),
        ];
        await using var rig = CallRig.Start(RawServer.Json(200, System.Text.Json.JsonSerializer.Serialize(written), $"X-Echo: {Uri.EscapeDataString(canary)}"));

        var done = Assert.IsType<ActionOutcome.Done>(await rig.SendAsync(rig.Prepare(rig.Address(), ("body", CallRig.SecretText("", "TOKEN")))));

        Assert.All(done.Answer!.Value.GetProperty("body").EnumerateArray(), entry => Assert.StartsWith("***", entry.GetString(), StringComparison.Ordinal));
        Assert.Equal("***", done.Answer.Value.GetProperty("headers").GetProperty("x-echo").GetString());
    }

    [Fact]
    public async Task A_secret_that_is_not_configured_fails_the_step_with_its_name()
    {
        await using var rig = CallRig.Start(RawServer.Json(200, "{}"));

        var refused = Assert.IsType<ActionOutcome.Rejected>(await rig.SendAsync(rig.Prepare(rig.Address(), ("body", CallRig.SecretText("", "NOWHERE")))));

        Assert.Equal("The configuration has no secret NOWHERE. Write it under secrets:, and start again.", refused.Reason);
        Assert.Empty(rig.Server.Requests);
    }

    [Fact]
    public void Every_other_reader_sees_a_mask()
    {
        var value = CallRig.SecretText("Bearer ", "TOKEN");

        Assert.Equal(("Bearer ***", "\"Bearer ***\""), (value.ToText(), value.ToJson()));
        Assert.Equal("***", Assert.IsType<Preparation.Ready>(Some.Prepare("note", Some.Event(), CallRig.SecretText("", "TOKEN"))).Intent.Text);
    }
}

using MisskeyAutomations.Outside;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Misskey;
using MisskeyAutomations.Tests.Outside;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Calls of other servers from a rule to their answer, and what is left of them on disk and in the log.</summary>
public sealed class OutwardTests
{
    private const string Canary = "CANARY0123456789abcdef";

    private static readonly OutsideOptions Open = new() { Allow = [AllowedTarget.Parse("127.0.0.1")!] };

    [Fact]
    public async Task A_call_is_made_and_its_answer_used_and_no_secret_is_left_anywhere()
    {
        await using var service = RawServer.Start(RawServer.Json(200, $$"""{"said":"echo {{Canary}} @everyone"}"""));
        await using var house = await OpenAsync($$"""
            rules:
              - name: ask
                on: mention
                do:
                  - http: {{service.Address}}ask/${note.said}
                    headers: { Authorization: "Bearer ${secret.TOKEN}" }
                    body: { key: "${secret.TOKEN}" }
                    as: answer
                  - reply: ${answer.body.said} ${answer.status}
                  - http: ${secret.WEBHOOK}
                    continue-on-error: true
                  - log: ${answer.body.said}
            """, ("TOKEN", Canary), ("WEBHOOK", $"{service.Address}{Canary}/hook"));
        var bob = house.World.AddAccount("bob");

        house.World.Post(bob, new NoteDraft { Text = "@alice a/../b" });
        await Eventually.HoldsAsync(() => service.Requests.Count == 2, "both calls were made");
        await house.RestAsync();
        await house.StopAsync();

        Assert.Equal("/ask/a%2F..%2Fb", service.Requests[0].Path);
        Assert.Equal($"Bearer {Canary}", service.Requests[0].Header("Authorization"));
        Assert.Equal(32, service.Requests[0].Header("Idempotency-Key")!.Length);
        Assert.NotEqual(service.Requests[0].Header("Idempotency-Key"), service.Requests[1].Header("Idempotency-Key"));
        Assert.DoesNotContain(service.Requests, request => (request.Head + request.BodyText).Contains(house.Token, StringComparison.Ordinal));
        var answer = Assert.Single(house.Calls("notes/create")).Body;
        Assert.Contains("@\u200Beveryone 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, answer, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, Told(house), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(house.Data).Where(File.Exists), file => Assert.False(Holds(file), file));
        Assert.Contains(Directory.GetFiles(house.Data), file => Holds(file, "ask/a%2F..%2Fb"));
    }

    [Fact]
    public async Task What_failed_for_now_is_repeated_with_the_same_key()
    {
        var answers = new Queue<Behaviour>([RawServer.Reset, RawServer.Answer(502, ""), RawServer.Json(200, "{}")]);
        await using var service = RawServer.Start((request, client) => answers.Dequeue()(request, client));
        await using var house = await OpenAsync($$"""
            rules:
              - name: tell
                on: mention
                do:
                  - http: {{service.Address}}tell
                    body: hello
            """);
        var bob = house.World.AddAccount("bob");

        house.World.Post(bob, new NoteDraft { Text = "@alice hi" });
        await Eventually.HoldsAsync(() => service.Requests.Count == 3, "it was repeated until it was answered");

        Assert.Single(service.Requests.Select(request => (request.Header("Idempotency-Key"), request.BodyText)).Distinct());
    }

    [Fact]
    public async Task A_file_is_fetched_and_put_into_the_drive_once()
    {
        await using var service = RawServer.Start(RawServer.Answer(200, "%PDF-1.7 a paper", "Content-Type: text/html"));
        await using var house = await OpenAsync($$"""
            rules:
              - name: paper
                on: mention
                do:
                  - upload: {{service.Address}}papers/${note.said}
                    as: paper
                  - reply: here
                    files: paper
            """);
        var bob = house.World.AddAccount("bob");

        house.World.Post(bob, new NoteDraft { Text = "@alice one" });
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 1, "the first was answered");
        house.World.Post(bob, new NoteDraft { Text = "@alice two" });
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 2, "the second was answered");

        Assert.Equal(["/papers/one", "/papers/two"], service.Paths);
        Assert.Single(house.Calls("drive/files/create"));
        var file = Assert.Single(house.World.NotesOf(house.Owner).SelectMany(note => note.Files).DistinctBy(file => file.Id));
        Assert.Equal(("one.pdf", "application/pdf"), (file.Name, file.Type));
    }

    [Fact]
    public async Task A_file_that_cannot_be_fetched_is_not_uploaded()
    {
        await using var service = RawServer.Start(RawServer.Answer(404, "gone"));
        await using var house = await OpenAsync($$"""
            rules:
              - name: paper
                on: mention
                do:
                  - upload: {{service.Address}}paper.pdf
                    continue-on-error: true
                  - reply: done
            """);

        house.World.Post(house.World.AddAccount("bob"), new NoteDraft { Text = "@alice one" });
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 1, "the run went on");

        Assert.Empty(house.Calls("drive/files/create"));
    }

    [Fact]
    public async Task The_engine_does_not_call_itself_even_where_this_machine_is_open()
    {
        await using var house = await OpenAsync("rules: []");
        house.WriteRules($$"""
            rules:
              - name: itself
                on: mention
                do:
                  - http: {{house.Door.GetLeftPart(UriPartial.Authority)}}/healthz
                    continue-on-error: true
                  - reply: went on
            """);
        await house.RestartAsync();

        house.World.Post(house.World.AddAccount("bob"), new NoteDraft { Text = "@alice hi" });
        await Eventually.HoldsAsync(() => house.Calls("notes/create").Count == 1, "the run went on");

        Assert.Contains("is this program itself", Told(house), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_names_a_secret_which_is_not_there_is_warned_of()
    {
        await using var house = await OpenAsync("""
            rules:
              - name: asks
                on: mention
                do:
                  - http: ${secret.NOT_THERE}
              - name: shows
                on: mention
                do:
                  - log: $${secret.ONLY_A_TEXT}
            """);

        Assert.Contains("Rule asks names the secret NOT_THERE", Told(house), StringComparison.Ordinal);
        Assert.DoesNotContain("ONLY_A_TEXT", Told(house), StringComparison.Ordinal);
    }

    private static async Task<House> OpenAsync(string rules, params (string Name, string Value)[] secrets)
    {
        var house = await House.OpenAsync(rules, start: false);
        house.Outside = Open;
        house.Secrets = CallRig.Secrets(secrets);
        await house.StartAsync();
        house.AddWebhook();
        return house;
    }

    private static string Told(House house) => string.Join('\n', house.Log.Lines);

    private static bool Holds(string file, string text = Canary) =>
        File.ReadAllBytes(file).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0;
}

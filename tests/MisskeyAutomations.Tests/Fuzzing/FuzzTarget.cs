using System.Text;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;
using MisskeyAutomations.Tests.Architecture;
using MisskeyAutomations.Tests.Corpora;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Tests.Fuzzing;

/// <summary>A reader of what others write.</summary>
/// <param name="Name">What the tests call it.</param>
/// <param name="Seeds">Inputs to begin with.</param>
/// <param name="Read">Reads any bytes; throws when something is not as it must be.</param>
internal sealed record FuzzTarget(string Name, Func<IEnumerable<byte[]>> Seeds, Action<byte[]> Read)
{
    private static readonly ExpressionContext Context = new()
    {
        Variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal) { ["user"] = Schema.User, ["note"] = Schema.Note, ["x"] = Shape.Any },
        Lists = new HashSet<string>(StringComparer.Ordinal) { "words" },
        Place = "when",
    };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("door", () => Of("webhook-bodies.corpus").Where(text => text[0] != '@' && text.Length < 1_000).Select(CorpusBytes.Of).Concat(Payloads.Names.Select(name => Encoding.UTF8.GetBytes(Payloads.Body(name)))), ReadBody),
        new("rule files", () => Of("rule-files.corpus").Select(CorpusBytes.Of), ReadRules),
        new("expressions", Cases, ReadExpression),
        new("templates", () => Of("template-injections.corpus").Select(Encoding.UTF8.GetBytes).Concat(Cases().Select(text => (byte[])[.. "${"u8, .. text, .. "}"u8])), ReadTemplate),
        new("answers", () => Of("answers.corpus").Select(Encoding.UTF8.GetBytes), ReadAnswer),
        new("cron", () => ((string[])["0 8 * * *", "*/5 * * * *", "0 0 1,15 * mon-fri", "59 23 31 12 *", "0 8-18/2 * jan-mar sun", "@daily", "0 0 29 2 *"]).Select(Encoding.UTF8.GetBytes), ReadCron),
        new("addresses", () => Of("ssrf.corpus").Select(Encoding.UTF8.GetBytes), ReadAddress),
    ];

    public override string ToString() => Name;

    private static IEnumerable<string> Of(string corpus) => Corpus.Read(corpus).Select(one => one.Text).Where(text => text.Length > 0);

    private static IEnumerable<byte[]> Cases() => Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Engine.Tests", "Expressions", "Cases"), "*.cases")
        .Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Where(line => line.Contains(" ⟶ ", StringComparison.Ordinal))
        .Select(line => Encoding.UTF8.GetBytes(line[..line.IndexOf(" ⟶ ", StringComparison.Ordinal)]));

    // What the door takes, everything behind it can read to its last text.
    private static void ReadBody(byte[] body)
    {
        var scan = EnvelopeScan.Of(body);
        if (scan.Flaw is { } flaw)
        {
            Assert.Matches("^The body [A-Za-z0-9, ]+\\.$", flaw);
            return;
        }

        var envelope = ScrubbedJson.Parse(body, scan.Scrubbed);
        ReadTexts(envelope);
        foreach (var source in (string[])["webhook", "streaming", "catch-up"])
        {
            var happening = EventReader.Read(envelope, "main", DateTimeOffset.UnixEpoch, source);
            Assert.True(happening.Types.Count > 0 && happening.Subject.Key.Length > 0);
        }
    }

    private static void ReadTexts(System.Text.Json.JsonElement value)
    {
        switch (value.ValueKind)
        {
            case System.Text.Json.JsonValueKind.Object:
                foreach (var pair in value.EnumerateObject())
                {
                    Assert.NotNull(pair.Name);
                    ReadTexts(pair.Value);
                }

                break;
            case System.Text.Json.JsonValueKind.Array:
                foreach (var entry in value.EnumerateArray())
                {
                    ReadTexts(entry);
                }

                break;
            case System.Text.Json.JsonValueKind.String:
                Assert.DoesNotContain('\0', value.GetString()!);
                break;
        }
    }

    private static void ReadRules(byte[] file)
    {
        var text = Encoding.UTF8.GetString(file);
        var reading = RuleReader.Read([new SourceText("rules.yaml", text)], ActionTable.Descriptors, (_, _) => "a\nb", ["main"]);
        Assert.True(reading.RuleSet is not null || reading.Diagnostics.Any(finding => finding.Severity == Severity.Error), "neither rules nor errors");
        Assert.All(reading.Diagnostics, finding => Assert.True(finding.Span.Start >= 0 && finding.Span.Start <= finding.Span.End && finding.Span.End <= text.Length, $"{finding.Code} at {finding.Span}"));
        Assert.DoesNotContain("System.Exception", DiagnosticText.Render(reading.Diagnostics), StringComparison.Ordinal);
    }

    private static void ReadExpression(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var bag = new DiagnosticBag();
        var compiled = ExpressionCompiler.Compile(SourceSlice.Of(text), Context, bag);
        Assert.Equal(compiled is null, bag.HasErrors);
        Assert.All(bag.Items, found => Assert.True(found.Span.Start >= 0 && found.Span.End <= text.Length && found.Message.Length > 0, found.Code));
        if (compiled?.Evaluate(Scope()) is { Kind: ValueKind.Error } error)
        {
            Assert.NotEqual("", error.Reason);
        }
    }

    private static void ReadTemplate(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var bag = new DiagnosticBag();
        var template = ExpressionCompiler.CompileTemplate(SourceSlice.Of(text), Context, bag);
        Assert.Equal(template is null, bag.HasErrors);
        Assert.All(bag.Items, found => Assert.True(found.Span.Start >= 0 && found.Span.End <= text.Length, found.Code));
        _ = template?.Render(Scope()).ToText();
    }

    private static Scope Scope()
    {
        var scope = new Scope { Now = DateTimeOffset.UnixEpoch, TimeZone = TimeZoneInfo.Utc, Seed = 1, Server = "https://misskey.example" };
        scope["user"] = Value.From(System.Text.Json.JsonElement.Parse("""{"id":"u","username":"bob","name":"$[x2 @me]\n#a","host":null,"isBot":false}"""));
        scope["note"] = Value.From(System.Text.Json.JsonElement.Parse("""{"id":"n","text":"ping @bob","cw":null,"visibility":"public","files":[{"id":"f","size":3}],"tags":["a"]}"""));
        scope["x"] = Value.From(System.Text.Json.JsonElement.Parse("""{"a":[1,"2",null,{"b":[]}],"c":1e308}"""));
        return scope;
    }

    // The first byte chooses a status.
    private static void ReadAnswer(byte[] bytes)
    {
        var answer = new MisskeyAnswer { Status = 200 + (bytes.Length == 0 ? 0 : bytes[0] % 5 * 100), Body = bytes.AsMemory(Math.Min(1, bytes.Length)), MediaType = "application/json" };
        var outcome = OutcomeReader.Read("notes/create", answer, DateTimeOffset.UnixEpoch);
        Assert.Matches(@"^[\p{Lu}""@]\P{C}*$", Reasons.Of(outcome));
    }

    private static void ReadCron(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes).Replace("'", "''", StringComparison.Ordinal);
        var file = $"rules:\n  - name: a\n    on: {{ cron: '{text}' }}\n    do:\n      - note: x\n";
        var reading = RuleReader.Read([new SourceText("rules.yaml", file)], ActionTable.Descriptors, null, ["main"]);
        Assert.True(reading.RuleSet is not null || reading.Diagnostics.Any(finding => finding.Severity == Severity.Error));
        foreach (var cron in reading.RuleSet?.Rules.SelectMany(rule => rule.Crons) ?? [])
        {
            var first = cron.Schedule.Next(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc);
            Assert.True(first is not { } at || cron.Schedule.Next(at, TimeZoneInfo.Utc) is not { } next || next > at);
        }
    }

    private static void ReadAddress(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        _ = AllowedTarget.Parse(text);

        if (WebAddress.TryRead(text, out var uri) && System.Net.IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address))
        {
            var objection = AddressClass.Objection(address);
            var wrapped = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? AddressClass.Objection(address.MapToIPv6()) : objection;
            Assert.Equal(objection is null, wrapped is null);
        }
    }
}

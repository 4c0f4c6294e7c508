using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>A step that acted in a test.</summary>
/// <param name="Intent">Its request.</param>
/// <param name="After">How long after its event.</param>
public sealed record ActedStep(Intent Intent, TimeSpan After);

/// <summary>Holds what happened against what was expected.</summary>
internal static class ExpectationCheck
{
    public static IEnumerable<Phrase> Check(Expectation expectation, IReadOnlyList<ActedStep> acted, Verdict? verdict) => expectation switch
    {
        Expectation.Acts acts => CheckSteps(acts, acted, verdict),
        Expectation.IsSkipped skipped => CheckSkipped(skipped, acted, verdict),
        _ => acted.Count == 0 ? [] : [Phrase.Of($"{expectation.Rule}: expected nothing, but it did {Describe(acted)}")],
    };

    private static IEnumerable<Phrase> CheckSteps(Expectation.Acts acts, IReadOnlyList<ActedStep> acted, Verdict? verdict)
    {
        if (acted.Count == 0 && acts.Steps.Count > 0)
        {
            yield return $"{acts.Rule}: expected {Count(acts.Steps.Count)}, but it did nothing{Why(verdict)}";
            yield break;
        }

        for (var i = 0; i < Math.Min(acts.Steps.Count, acted.Count); i++)
        {
            if (Difference(acts.Steps[i], acted[i]) is { } difference)
            {
                yield return $"{acts.Rule}, step {i + 1}: {difference}";
            }
        }

        if (acts.Steps.Count != acted.Count)
        {
            yield return $"{acts.Rule}: expected {Count(acts.Steps.Count)}, but it took {Count(acted.Count)}: {Describe(acted)}";
        }
    }

    private static IEnumerable<Phrase> CheckSkipped(Expectation.IsSkipped skipped, IReadOnlyList<ActedStep> acted, Verdict? verdict)
    {
        if (acted.Count > 0)
        {
            yield return $"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but it did {Describe(acted)}";
        }
        else if (verdict?.Gate != skipped.Gate)
        {
            yield return verdict switch
            {
                null => Phrase.Of($"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but no event started it"),
                { Gate: { } gate } => Phrase.Of($"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but it was skipped by '{gate}'{Why(verdict)}"),
                _ => Phrase.Of($"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but no gate stopped it"),
            };
        }
        else if (skipped.Because is { } because && verdict.Because?.Contains(because, StringComparison.Ordinal) != true)
        {
            yield return $"{skipped.Rule}: expected to be skipped because of `{because}`, but it was because of `{verdict.Because}`";
        }
    }

    private static Phrase? Difference(ExpectedStep expected, ActedStep acted)
    {
        if (expected.Action != acted.Intent.Action)
        {
            return $"expected {expected.Action}, but it was {acted.Intent.Summary}";
        }

        using var body = JsonDocument.Parse(acted.Intent.Body);
        var text = MainOf(acted.Intent, body.RootElement);
        if (expected.Text is { } wanted && wanted.Trim() != text)
        {
            return $"expected {expected.Action}: '{wanted.Trim()}', but it was '{text}'";
        }

        if (expected.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            return $"expected {expected.Action} to match /{pattern}/, but it was '{text}'";
        }

        foreach (var (key, value) in expected.Values)
        {
            var kept = body.RootElement.FindObject("set") is { } set && set.TryGetProperty(key, out var json) ? json.GetRawText() : null;
            if (kept is null || !JsonElement.DeepEquals(JsonElement.Parse(kept), JsonElement.Parse(value)))
            {
                return $"expected {expected.Action} {key}: {value}, but it was {Found(kept)}";
            }
        }

        foreach (var (name, field) in expected.Options)
        {
            var given = body.RootElement.Find(name);
            var actual = given is { ValueKind: JsonValueKind.String } json ? json.GetString() : IsWeb(acted.Intent) ? Shown(given) : given?.GetRawText();
            if (field.Pattern is { } shape ? actual is null || !shape.IsMatch(actual) : actual != field.Text && !IsSameJson(actual, field.Text))
            {
                return $"expected {name}: {field.Text}, but it was {Found(actual)}";
            }
        }

        return expected.Within is { } within && acted.After > within
            ? Phrase.Of($"expected {expected.Action} within {Durations.Format(within)}, but it came after {Durations.Format(acted.After)}") : null;
    }

    // What stands behind the step's own key in a rule, read back from its request.
    private static string MainOf(Intent intent, JsonElement body) => body.ValueKind == JsonValueKind.String ? body.GetString()! : intent.Action switch
    {
        "react" => (body.GetText("reaction") ?? "").Trim(':'),
        "renote" => body.GetText("renoteId") ?? "",
        "api" => intent.Endpoint,
        "http" or "upload" => FrozenText.Show(body.GetProperty("url")),
        _ => (body.GetText("text") ?? body.GetText("body") ?? body.GetText("userId") ?? body.GetText("noteId") ?? "").Trim(),
    };

    private static bool IsWeb(Intent intent) => intent.Action == "http";

    // Headers are a mapping of texts, each with or without secrets.
    private static string? Shown(JsonElement? json) => json switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } mapping => new JsonObject(mapping.EnumerateObject()
            .Select(entry => KeyValuePair.Create(entry.Name, (JsonNode?)FrozenText.Show(entry.Value)))).ToJsonString(),
        { ValueKind: JsonValueKind.Array } text => FrozenText.Show(text),
        { } other => other.GetRawText(),
    };

    // A mapping or list is the same in whatever order and with whatever blanks it is written.
    private static bool IsSameJson(string? actual, string expected)
    {
        if (actual is not ['{' or '[', ..] || expected is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(actual), JsonNode.Parse(expected));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Describe(IReadOnlyList<ActedStep> acted) => string.Join("; ", acted.Select(step => step.Intent.Summary));

    private static Phrase Found(string? value) => value is null ? Phrase.Of("not there") : Phrase.Of($"{value}");

    private static Phrase Count(int steps) => steps == 1 ? Phrase.Of($"{steps} step") : Phrase.Of($"{steps} steps");

    private static Phrase Why(Verdict? verdict) => verdict switch
    {
        null => Phrase.Of(": no event started it"),
        { Gate: { } gate, Because: { } because } => Phrase.Of($": skipped by '{gate}' ({because})"),
        { Gate: { } gate } => Phrase.Of($": skipped by '{gate}'"),
        { Because: { } reason } => Phrase.Of($": {reason}"),
        _ => Phrase.Of($""),
    };
}

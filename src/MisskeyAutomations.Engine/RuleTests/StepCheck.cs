using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>How a step that was taken differs from the expected one.</summary>
/// <param name="Sentence">What was expected of it, and what it was.</param>
/// <param name="Span">Where the test says so.</param>
/// <param name="Texts">Where the two texts part; null where no literal text was expected.</param>
internal sealed record StepDifference(Phrase Sentence, TextSpan Span, TextDifference? Texts = null);

/// <summary>Holds a step that was taken against the expected one.</summary>
internal static class StepCheck
{
    private const int Shown = 80;

    /// <summary>The first difference; null when it is as expected.</summary>
    public static StepDifference? Difference(ExpectedStep expected, ActedStep acted)
    {
        if (expected.Action != acted.Intent.Action)
        {
            return new($"expected {expected.Action}, but it was {Fit(acted.Intent.Summary)}", expected.Span);
        }

        using var body = JsonDocument.Parse(acted.Intent.Body);
        var text = MainOf(acted.Intent, body.RootElement);
        if (expected.Text is { } wanted && wanted.Trim() != text)
        {
            return new($"expected {expected.Action}: '{Fit(wanted.Trim())}', but it was '{Fit(text)}'", expected.Span, TextDifference.Of(wanted.Trim(), text));
        }

        if (expected.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            return new($"expected {expected.Action} to match /{pattern}/, but it was '{Fit(text)}'", expected.Span);
        }

        foreach (var (key, value) in expected.Values)
        {
            var kept = body.RootElement.FindObject("set") is { } set && set.TryGetProperty(key, out var json) ? json.GetRawText() : null;
            if (kept is null || !JsonElement.DeepEquals(JsonElement.Parse(kept), JsonElement.Parse(value)))
            {
                return new($"expected {expected.Action} {key}: {Fit(value)}, but it was {Found(kept)}", expected.Span);
            }
        }

        foreach (var (name, field) in expected.Options)
        {
            var given = body.RootElement.Find(name);
            var actual = given is { ValueKind: JsonValueKind.String } json ? json.GetString() : IsWeb(acted.Intent) ? WithoutSecrets(given) : given?.GetRawText();
            if (field.Pattern is { } shape ? actual is null || !shape.IsMatch(actual) : actual != field.Text && !IsSameJson(actual, field.Text))
            {
                var texts = field.Pattern is null && given is { ValueKind: JsonValueKind.String } ? TextDifference.Of(field.Text, actual!) : null;
                return new($"expected {name}: {Fit(field.Text)}, but it was {Found(actual)}", field.Span, texts);
            }
        }

        return expected.Within is { } within && acted.After > within
            ? new($"expected {expected.Action} within {Durations.Format(within)}, but it came after {Durations.Format(acted.After)}", expected.Span) : null;
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
    private static string? WithoutSecrets(JsonElement? json) => json switch
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

    private static string Fit(string text) => ShownText.Fit(text, Shown);

    private static Phrase Found(string? value) => value is null ? Phrase.Of("not there") : Phrase.Of($"{Fit(value)}");
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.RuleTests;

namespace MisskeyAutomations.Cli;

/// <summary>
/// Reads the events of a file: envelopes as Misskey posts them, or no more than <c>type</c> and <c>body</c>; one, an array of them, or
/// one behind the other (JSON Lines).
/// </summary>
internal static class SimulatedEvents
{
    private const int MostBytes = 64 * 1024 * 1024;
    private static readonly JsonReaderOptions Several = new() { AllowMultipleValues = true, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The envelopes, in the order of the file; <c>-</c> is the standard input.</summary>
    /// <exception cref="CommandFailure">There is no such file, it is not JSON, or something in it is no event.</exception>
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        var values = Parse(file, await BytesOfAsync(file, cancellationToken)).SelectMany(value => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value]).ToList();
        if (values.Count == 0)
        {
            throw new CommandFailure(ExitCodes.Usage, $"{file} holds no event.");
        }

        return [.. values.Select((value, i) => Whole(file, value, i + 1))];
    }

    /// <summary>A JSON object of a file, by key.</summary>
    /// <exception cref="CommandFailure">There is no such file, or it is no JSON object.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadObjectAsync(string file, CancellationToken cancellationToken) =>
        Parse(file, await BytesOfAsync(file, cancellationToken)) is [{ ValueKind: JsonValueKind.Object } whole]
            ? whole.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetRawText(), StringComparer.Ordinal)
            : throw new CommandFailure(ExitCodes.Usage, $"{file} must hold one JSON object with an answer for each endpoint, such as {{ \"users/show\": {{ … }} }}.");

    private static async Task<byte[]> BytesOfAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
            using var bytes = new MemoryStream();
            var buffer = new byte[64 * 1024];
            int read;
            while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > MostBytes)
                {
                    throw new CommandFailure(ExitCodes.Usage, $"{file} is larger than 64 MiB.");
                }
            }

            return bytes.ToArray();
        }
        catch (Exception trouble) when (trouble is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCodes.Usage, $"There is no file '{file}'.", trouble);
        }
    }

    private static List<JsonElement> Parse(string file, byte[] bytes)
    {
        ReadOnlySpan<byte> json = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(Encoding.UTF8.Preamble.Length) : bytes;
        var values = new List<JsonElement>();
        try
        {
            var reader = new Utf8JsonReader(json, Several);
            while (reader.Read())
            {
                values.Add(JsonElement.ParseValue(ref reader));
            }

            return values;
        }
        catch (JsonException wrong)
        {
            var line = (int)(wrong.LineNumber ?? 0);
            throw new CommandFailure(ExitCodes.Usage, $"{file} is not JSON at line {line + 1}, column {ColumnOf(json, line, (int)(wrong.BytePositionInLine ?? 0))}.", wrong);
        }
    }

    // Columns count characters; the parser counts bytes.
    private static int ColumnOf(ReadOnlySpan<byte> json, int line, int bytes)
    {
        for (; line > 0; line--)
        {
            json = json[(json.IndexOf((byte)'\n') + 1)..];
        }

        return Encoding.UTF8.GetCharCount(json[..Math.Min(bytes, json.Length)]) + 1;
    }

    private static JsonElement Whole(string file, JsonElement value, int number)
    {
        if (value.ValueKind != JsonValueKind.Object || value.GetText("type") is not { } type || value.Find("body") is null)
        {
            throw new CommandFailure(ExitCodes.Usage, $"{file}: event {number} has no `type` and `body`. Give the whole request as Misskey posts it, or {{ \"type\": \"mention\", \"body\": {{ … }} }}.");
        }

        if (value.GetText("eventId") is not null)
        {
            return value;
        }

        var envelope = JsonObject.Create(value)!;
        envelope["eventId"] = $"simulated-{number}";
        envelope["server"] ??= GivenEvents.Server;
        envelope["userId"] ??= MeIn(type, value);
        if (envelope["createdAt"] is null && DateTimeOffset.TryParse(value.FindObject("body")?.FindObject("note")?.GetText("createdAt"), CultureInfo.InvariantCulture, out var at))
        {
            envelope["createdAt"] = at.ToUnixTimeMilliseconds();
        }

        return JsonSerializer.SerializeToElement(envelope);
    }

    // Whose event it is shows in what it is about.
    private static string MeIn(string type, JsonElement value)
    {
        var note = value.FindObject("body")?.FindObject("note");
        return type switch
        {
            "note" or "edited" => note?.GetText("userId"),
            "reply" => note?.FindObject("reply")?.GetText("userId"),
            "renote" => note?.FindObject("renote")?.GetText("userId"),
            _ => note?.Find("visibleUserIds") is { ValueKind: JsonValueKind.Array } people && people.GetArrayLength() == 1 ? people[0].ToString()
                : note?.Find("mentions") is { ValueKind: JsonValueKind.Array } named && named.GetArrayLength() > 0 ? named[0].ToString() : null,
        } ?? GivenEvents.Me;
    }
}

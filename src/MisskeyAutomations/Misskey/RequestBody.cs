using System.Text.Json;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Misskey;

/// <summary>Writes the JSON object of a request, always the same way: a repeated request must be the same bytes.</summary>
internal static class RequestBody
{
    /// <summary>A compact JSON object with the properties that <paramref name="write"/> writes.</summary>
    public static string Write(Action<Utf8JsonWriter> write) => JsonWriting.WriteObject(JsonWriting.Options, write);
}

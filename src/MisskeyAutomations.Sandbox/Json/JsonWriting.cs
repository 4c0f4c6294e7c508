using System.Globalization;
using System.Text.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Json;

/// <summary>The few forms that all of Misskey's JSON shares.</summary>
internal static class JsonWriting
{
    extension(Utf8JsonWriter json)
    {
        /// <summary>A time as JavaScript's <c>toISOString</c>: UTC with milliseconds and Z; null stays null.</summary>
        public void WriteTime(string name, DateTimeOffset? time)
        {
            if (time is { } known)
            {
                Span<char> text = stackalloc char[24];
                known.UtcDateTime.TryFormat(text, out _, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                json.WriteString(name, text);
            }
            else
            {
                json.WriteNull(name);
            }
        }

        public void WriteStrings(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }
            json.WriteEndArray();
        }

        public void WriteEmptyObject(string name)
        {
            json.WriteStartObject(name);
            json.WriteEndObject();
        }

        public void WriteEmptyArray(string name)
        {
            json.WriteStartArray(name);
            json.WriteEndArray();
        }
    }

    extension(NoteVisibility visibility)
    {
        public string Wire => visibility switch
        {
            NoteVisibility.Public => "public",
            NoteVisibility.Home => "home",
            NoteVisibility.Followers => "followers",
            _ => "specified",
        };
    }

    public static NoteVisibility Visibility(string? wire) => wire switch
    {
        "home" => NoteVisibility.Home,
        "followers" => NoteVisibility.Followers,
        "specified" => NoteVisibility.Specified,
        _ => NoteVisibility.Public,
    };
}

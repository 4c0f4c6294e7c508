using System.Globalization;
using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>Reading of payloads that never throws: what is missing or of another kind is null.</summary>
public static class JsonReading
{
    extension(JsonElement element)
    {
        /// <summary>A property of any kind but null and undefined.</summary>
        public JsonElement? Find(string name) =>
            element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;

        /// <summary>An object property.</summary>
        public JsonElement? FindObject(string name) =>
            element.Find(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

        /// <summary>A text property; null when missing, null or not a text.</summary>
        public string? GetText(string name) =>
            element.Find(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

        /// <summary>A property that says when something was, in ISO 8601; null when it does not.</summary>
        public DateTimeOffset? GetTime(string name) =>
            DateTimeOffset.TryParse(element.GetText(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

        /// <summary>Whether a property is true.</summary>
        public bool IsTrue(string name) => element.Find(name) is { ValueKind: JsonValueKind.True };

        /// <summary>Whether a property is just this number.</summary>
        public bool IsNumber(string name, long number) =>
            element.Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var given) && given == number;

        /// <summary>Whether an array property holds a text.</summary>
        public bool ListHolds(string name, string text)
        {
            if (element.Find(name) is not { ValueKind: JsonValueKind.Array } list)
            {
                return false;
            }

            foreach (var entry in list.EnumerateArray())
            {
                if (entry.ValueKind == JsonValueKind.String && entry.ValueEquals(text))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether an array property has entries.</summary>
        public bool HasEntries(string name) =>
            element.Find(name) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0;

        /// <summary><c>name</c> of a person of this server, <c>name@host</c> of others; null where a user has no name.</summary>
        public string? Acct() => element.GetText("username") is not { } username ? null
            : element.GetText("host") is { } host ? $"{username}@{host}" : username;

        /// <summary>Whether a note is a renote that says something itself.</summary>
        public bool IsQuote() => element.GetText("renoteId") is not null && element.SaysSomething();

        /// <summary>Whether a note is a bare renote: nothing of its own, so it can be neither answered nor reacted to.</summary>
        public bool IsPureRenote() =>
            element.GetText("renoteId") is not null && element.GetText("replyId") is null && !element.SaysSomething();

        /// <summary>The id of the first note of a note's thread, as far as the note shows those before it. Quotes count as answers.</summary>
        public string? FirstOfThread()
        {
            while ((element.FindObject("reply") ?? element.FindObject("renote")) is { } before)
            {
                element = before;
            }

            return element.GetText("replyId") ?? element.GetText("renoteId") ?? element.GetText("id");
        }

        private bool SaysSomething() =>
            element.GetText("text") is not null || element.GetText("cw") is not null
            || element.HasEntries("fileIds") || element.Find("poll") is not null;
    }
}

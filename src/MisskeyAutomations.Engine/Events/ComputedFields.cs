using System.Text.Json;

namespace MisskeyAutomations.Engine.Events;

/// <summary>The fields that rules see beside the recorded ones. Each takes its object and the server's origin.</summary>
internal static class ComputedFields
{
    /// <summary>The text without leading mentions, trimmed, never null.</summary>
    public static object Said(JsonElement note, string server)
    {
        var text = note.GetText("text").AsSpan().Trim();
        while (text.StartsWith("@"))
        {
            var end = 1;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.' or '@' or ':'))
            {
                end++;
            }

            if (end == 1)
            {
                break;
            }

            text = text[end..].TrimStart();
        }

        return text.ToString();
    }

    public static object IsReply(JsonElement note, string server) => note.GetText("replyId") is not null;

    /// <summary>A renote that says something itself: text, files, a poll or a content warning.</summary>
    public static object IsQuote(JsonElement note, string server) => note.IsQuote();

    public static object? Url(JsonElement note, string server) =>
        note.GetText("url") ?? note.GetText("uri") ?? (note.GetText("id") is { } id ? $"{server}/notes/{id}" : null);

    /// <summary>The display name; the username when there is none.</summary>
    public static object? Name(JsonElement user, string server) =>
        user.GetText("name") is { } name && !string.IsNullOrWhiteSpace(name) ? name : user.GetText("username");

    /// <summary><c>name</c> for people of this server, <c>name@host</c> for others.</summary>
    public static object? Acct(JsonElement user, string server) => user.Acct();

    public static object IsLocal(JsonElement user, string server) => user.GetText("host") is null;
}

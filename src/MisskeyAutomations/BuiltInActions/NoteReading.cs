using System.Text.Json;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>What steps read from notes and users beside their plain fields.</summary>
internal static partial class NoteReading
{
    /// <summary>The id of a note's author.</summary>
    public static string? AuthorId(JsonElement note) => note.GetText("userId") ?? note.FindObject("user")?.GetText("id");

    /// <summary>The id of the first note of a note's thread, as far as it is known: of the event's own note more is known than it shows.</summary>
    public static string? ThreadOf(ActionInput input, JsonElement note) =>
        note.GetText("id") is { } id && id == input.Event.Note?.GetText("id") ? input.Event.Thread : note.FirstOfThread();

    /// <summary><c>@name</c> or <c>@name@host</c>, as Misskey reads it in a text; null when the user object has no usable name.</summary>
    public static string? Mention(JsonElement user) =>
        user.GetText("username") is not { } name || !Username().IsMatch(name) ? null
        : user.GetText("host") is not { } host ? $"@{name}"
        : Host().IsMatch(host) ? $"@{name}@{host}" : null;

    [GeneratedRegex(@"^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Username();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Host();
}

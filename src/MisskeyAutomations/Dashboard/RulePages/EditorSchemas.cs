using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Dashboard.Doors;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Editors;

namespace MisskeyAutomations.Dashboard.RulePages;

/// <summary>The schema of rule files for the editor, made once for each language.</summary>
internal static class EditorSchemas
{
    private static readonly ConcurrentDictionary<string, Compressed> Made = new(StringComparer.Ordinal);

    /// <summary>The schema with its texts in a language.</summary>
    public static Compressed In(Translation language) => Made.GetOrAdd(language.Language, static (_, language) => Make(language), language);

    private static Compressed Make(Translation language) =>
        new(Encoding.UTF8.GetBytes(JsonNode.Parse(EditorSchema.Write(ActionTable.Descriptors, [language]))!.ToJsonString()));
}

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Dashboard.Doors;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Editors;

namespace MisskeyAutomations.Dashboard.RulePages;

/// <summary>The schema of rule files for the editor, made once for each language and compressed (Brotli), since every browser that runs it can read that.</summary>
internal static class EditorSchemas
{
    private static readonly ConcurrentDictionary<string, byte[]> Made = new(StringComparer.Ordinal);

    /// <summary>The schema with its texts in a language.</summary>
    public static byte[] In(Translation language) => Made.GetOrAdd(language.Language, static (_, language) => Make(language), language);

    private static byte[] Make(Translation language) =>
        Compressed.Brotli(Encoding.UTF8.GetBytes(JsonNode.Parse(EditorSchema.Write(ActionTable.Descriptors, [language]))!.ToJsonString()));
}

using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Editors;

namespace MisskeyAutomations.Dashboard.RulePages;

/// <summary>The schema of rule files for the editor, made once for each language and compressed (Brotli), since every browser that runs it can read that.</summary>
internal static class EditorSchemas
{
    private static readonly ConcurrentDictionary<string, byte[]> Made = new(StringComparer.Ordinal);

    /// <summary>The schema with its texts in a language.</summary>
    public static byte[] In(Translation language) => Made.GetOrAdd(language.Language, static (_, language) => Make(language), language);

    private static byte[] Make(Translation language)
    {
        var schema = JsonNode.Parse(EditorSchema.Write(ActionTable.Descriptors, [language]))!.ToJsonString();
        using var small = new MemoryStream();
        using (var compressing = new BrotliStream(small, CompressionLevel.SmallestSize))
        {
            compressing.Write(Encoding.UTF8.GetBytes(schema));
        }

        return small.ToArray();
    }
}

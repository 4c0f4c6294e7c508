using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MisskeyAutomations.Tests.Editors;

/// <summary>Reads YAML as editors do before they apply a schema: words without quotes may be numbers, truth values or nothing.</summary>
internal static partial class PlainJson
{
    /// <summary>Every document of a file, as JSON.</summary>
    public static IReadOnlyList<string> Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => Read(document.RootNode)?.ToJsonString() ?? "null")];
    }

    private static JsonNode? Read(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Read(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Read)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => ReadPlain(scalar.Value ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new InvalidOperationException(node.NodeType.ToString()),
    };

    private static JsonNode? ReadPlain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ => Whole.IsMatch(text) ? long.Parse(text, CultureInfo.InvariantCulture) : Number.IsMatch(text) ? double.Parse(text, CultureInfo.InvariantCulture) : text,
    };

    [GeneratedRegex(@"^[-+]?[0-9]{1,18}\z", RegexOptions.None, 1_000)]
    private static partial Regex Whole { get; }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Number { get; }
}

using System.Globalization;
using System.Text.Json.Nodes;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Reads YAML as JSON: unquoted <c>true false null</c> and numbers are what they look like, everything else is text.</summary>
internal static class SourceJson
{
    public static JsonNode? Read(SourceNode node) => node switch
    {
        SourceNode.Scalar scalar => ReadScalar(scalar),
        SourceNode.Sequence list => new JsonArray([.. list.Entries.Select(Read)]),
        SourceNode.Mapping mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Name, Read(entry.Value)))),
        _ => null,
    };

    private static JsonNode? ReadScalar(SourceNode.Scalar scalar)
    {
        if (scalar.IsNull)
        {
            return null;
        }

        if (scalar.IsPlain && scalar.Text is "true" or "false")
        {
            return scalar.Text == "true";
        }

        return scalar.IsPlain && double.TryParse(scalar.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : scalar.Text;
    }
}

using System.Text.Json;
using MisskeyAutomations.Sandbox.Acts;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>What a request broke, in the words of Misskey's schema validator (ajv): a path into the schema and a reason.</summary>
internal sealed record Violation(string Path, string Reason);

/// <summary>One parameter of an endpoint, as its JSON schema describes it.</summary>
internal abstract record Parameter(string Name)
{
    public bool Required { get; init; }

    public bool Nullable { get; init; }

    public static Parameter Id(string name, bool required = false, bool nullable = false) =>
        new Text(name) { Required = required, Nullable = nullable, IsId = true };

    public static Parameter Flag(string name) => new Switch(name);

    /// <summary>limit, sinceId and untilId, which all lists share.</summary>
    public static IEnumerable<Parameter> Paging() => [new Number("limit", 1, 100), Id("sinceId"), Id("untilId")];

    /// <summary>Null when the value fits. <paramref name="path"/> is the schema path of this parameter.</summary>
    public abstract Violation? Check(JsonElement value, string path);

    public Violation? CheckIn(JsonElement parent, string path = "#/properties/") =>
        !parent.TryGetProperty(Name, out var value) || (Nullable && value.ValueKind is JsonValueKind.Null)
            ? null
            : Check(value, path + Name);

    /// <summary>Checked elsewhere; only its presence counts here.</summary>
    internal sealed record Anything(string Name) : Parameter(Name)
    {
        public override Violation? Check(JsonElement value, string path) => null;
    }

    internal sealed record Nested(string Name, IReadOnlyList<Parameter> Properties) : Parameter(Name)
    {
        public override Violation? Check(JsonElement value, string path)
        {
            if (value.ValueKind is not JsonValueKind.Object)
            {
                return new Violation(path + "/type", Nullable ? "must be object,null" : "must be object");
            }
            foreach (var property in Properties)
            {
                if (property.Required && !value.TryGetProperty(property.Name, out _))
                {
                    return new Violation(path + "/required", $"must have required property '{property.Name}'");
                }
                if (property.CheckIn(value, path + "/properties/") is { } violation)
                {
                    return violation;
                }
            }
            return null;
        }
    }

    internal sealed record Switch(string Name) : Parameter(Name)
    {
        public override Violation? Check(JsonElement value, string path)
        {
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : new Violation(path + "/type", "must be boolean");
        }
    }

    internal sealed record Number(string Name, long Minimum = long.MinValue, long Maximum = long.MaxValue) : Parameter(Name)
    {
        public override Violation? Check(JsonElement value, string path)
        {
            if (value.ValueKind is not JsonValueKind.Number || !value.TryGetInt64(out var number))
            {
                return new Violation(path + "/type", Nullable ? "must be integer,null" : "must be integer");
            }
            if (number > Maximum)
            {
                return new Violation(path + "/maximum", $"must be <= {Maximum}");
            }
            return number < Minimum ? new Violation(path + "/minimum", $"must be >= {Minimum}") : null;
        }
    }

    internal sealed record Text(string Name, int MinimumLength = 0, int MaximumLength = int.MaxValue) : Parameter(Name)
    {
        public bool IsId { get; init; }

        public bool NotBlank { get; init; }

        public IReadOnlyList<string>? Allowed { get; init; }

        public override Violation? Check(JsonElement value, string path)
        {
            if (value.ValueKind is not JsonValueKind.String)
            {
                return new Violation(path + "/type", Nullable ? "must be string,null" : "must be string");
            }
            var text = value.GetString()!;
            if (Allowed is not null)
            {
                return Allowed.Contains(text, StringComparer.Ordinal) ? null : new Violation(path + "/enum", "must be equal to one of the allowed values");
            }
            if (IsId)
            {
                return text.Length > 0 && text.All(char.IsAsciiLetterOrDigit)
                    ? null
                    : new Violation(path + "/format", "must match format \"misskey:id\"");
            }
            return CheckLength(text, path);
        }

        private Violation? CheckLength(string text, string path)
        {
            if (text.Length > MaximumLength && JsText.CodePoints(text) > MaximumLength)
            {
                return new Violation(path + "/maxLength", $"must NOT have more than {MaximumLength} characters");
            }
            if (text.Length < MinimumLength)
            {
                return new Violation(path + "/minLength", $"must NOT have fewer than {MinimumLength} characters");
            }
            return NotBlank && JsText.IsBlank(text) ? new Violation(path + "/pattern", "must match pattern \"[^\\s]+\"") : null;
        }
    }

    internal sealed record Many(string Name, Parameter Items, int MinimumItems = 0, int MaximumItems = int.MaxValue) : Parameter(Name)
    {
        public bool Unique { get; init; } = true;

        public override Violation? Check(JsonElement value, string path)
        {
            if (value.ValueKind is not JsonValueKind.Array)
            {
                return new Violation(path + "/type", "must be array");
            }
            var count = value.GetArrayLength();
            if (count > MaximumItems)
            {
                return new Violation(path + "/maxItems", $"must NOT have more than {MaximumItems} items");
            }
            if (count < MinimumItems)
            {
                return new Violation(path + "/minItems", $"must NOT have fewer than {MinimumItems} items");
            }
            foreach (var item in value.EnumerateArray())
            {
                if (Items.Check(item, path + "/items") is { } violation)
                {
                    return violation;
                }
            }
            return Unique ? CheckUnique(value, path) : null;
        }

        private static Violation? CheckUnique(JsonElement value, string path)
        {
            Dictionary<string, int> seen = new(StringComparer.Ordinal);
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                if (!seen.TryAdd(item.GetString()!, index))
                {
                    return new Violation(
                        path + "/uniqueItems", $"must NOT have duplicate items (items ## {seen[item.GetString()!]} and {index} are identical)");
                }
                index++;
            }
            return null;
        }
    }
}

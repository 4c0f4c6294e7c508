using System.Collections.Frozen;
using System.Globalization;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>The endpoints of Misskey as <c>endpoints.tsv</c> has them; what its columns hold is written at its top.</summary>
internal static class EndpointTable
{
    /// <summary>As of Misskey 2025.4; other versions know a few endpoints more or fewer. A line is taken apart when it is asked for.</summary>
    private static readonly FrozenDictionary<string, string[]> Rows = Read();

    private static readonly FrozenDictionary<string, Shape> Answers = new Dictionary<string, Shape>(StringComparer.Ordinal)
    {
        ["note"] = Schema.Note,
        ["user"] = Schema.User,
        ["file"] = Schema.File,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All known names.</summary>
    public static IReadOnlyCollection<string> Names => Rows.Keys;

    /// <summary>Whether the endpoint is known.</summary>
    public static bool Has(string endpoint) => Rows.ContainsKey(endpoint);

    /// <summary>The permission that it needs; null when it needs none or is unknown.</summary>
    public static string? PermissionOf(string endpoint) => Column(endpoint, 1) is { Length: > 0 } permission ? permission : null;

    /// <summary>Whether only the account itself may call it, never the token of an app.</summary>
    public static bool IsSecure(string endpoint) => Column(endpoint, 2).Contains('s', StringComparison.Ordinal);

    /// <summary>Whether only moderators or administrators may call it.</summary>
    public static bool IsForModerators(string endpoint) => Column(endpoint, 2).AsSpan().ContainsAny('m', 'a');

    /// <summary>Whether it takes the contents of a file.</summary>
    public static bool TakesFile(string endpoint) => Column(endpoint, 2).Contains('f', StringComparison.Ordinal);

    /// <summary>How often the server lets one account call it; null when the server says nothing.</summary>
    public static (int Calls, TimeSpan Within)? LimitOf(string endpoint) => Column(endpoint, 3).Split('/') is [var calls, var seconds, ..]
        ? (int.Parse(calls, CultureInfo.InvariantCulture), TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))) : null;

    /// <summary>What is known of it; null when it is unknown.</summary>
    public static EndpointShape? Find(string endpoint)
    {
        if (!Has(endpoint))
        {
            return null;
        }

        var answer = Column(endpoint, 4).Split('@');
        var parameters = Column(endpoint, 5).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var ways = parameters is [['&', .. var first], ..] ? first : "";
        return new()
        {
            Name = endpoint,
            Permission = PermissionOf(endpoint),
            OneOf = [.. ways.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(way => way.Split(','))],
            Parameters = [.. parameters.Where(text => text[0] != '&').Select(ReadParameter)],
            Answer = AnswerOf(answer[0]),
            ListedBy = answer.Length > 1 ? answer[1] : null,
        };
    }

    private static Shape AnswerOf(string word) =>
        word is ['[', .. var entry, ']'] ? Shape.List(AnswerOf(entry)) : Answers.GetValueOrDefault(word, Shape.Any);

    // name!:[text{1..2}=a|b]{1..16}?~default, and less of it.
    private static EndpointParameter ReadParameter(string text)
    {
        var at = text.IndexOf('~', StringComparison.Ordinal);
        var defaultValue = at < 0 ? null : text[(at + 1)..];
        text = at < 0 ? text : text[..at];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (name, type) = (text[..colon], text[(colon + 1)..]);
        var isNullable = type.EndsWith('?');
        type = type.TrimEnd('?');
        var close = type[0] == '[' ? type.LastIndexOf(']') : -1;
        var element = close < 0 ? null : type[1..close];
        var rest = close < 0 ? type : "list" + type[(close + 1)..];
        var (least, most) = RangeOf(rest);
        return new(name.TrimEnd('!'), KindOf(rest))
        {
            Required = name.EndsWith('!'),
            Nullable = isNullable,
            Element = element is null ? null : KindOf(element),
            Words = (element ?? rest).Split('=') is [_, var words] ? words.Split('|') : [],
            Least = least,
            Most = most,
            Default = defaultValue,
        };
    }

    private static EndpointValue KindOf(string type) =>
        type[0] == '[' ? EndpointValue.List : Enum.Parse<EndpointValue>(type.Split('{', '=')[0], ignoreCase: true);

    private static (double? Least, double? Most) RangeOf(string type)
    {
        var open = type.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return (null, null);
        }

        var ends = type[(open + 1)..type.IndexOf('}', StringComparison.Ordinal)].Split("..");
        return (NumberOf(ends[0]), NumberOf(ends[1]));
    }

    private static double? NumberOf(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);

    private static string Column(string endpoint, int column) =>
        Rows.TryGetValue(endpoint, out var row) && row.Length > column ? row[column] : "";

    private static FrozenDictionary<string, string[]> Read()
    {
        using var stream = typeof(EndpointTable).Assembly.GetManifestResourceStream("MisskeyAutomations.Misskey.endpoints.tsv")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.TrimEnd('\r').Split('\t'))
            .ToFrozenDictionary(row => row[0], StringComparer.Ordinal);
    }
}

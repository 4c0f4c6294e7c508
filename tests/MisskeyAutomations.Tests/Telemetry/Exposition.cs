using System.Globalization;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Tests.Telemetry;

/// <summary>What Prometheus reads at <c>/metrics</c>, read as strictly as <c>promtool check metrics</c> does.</summary>
internal sealed partial class Exposition
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];

    private readonly Dictionary<string, (string? Type, bool HasHelp)> _families = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _series = new(StringComparer.Ordinal);

    private Exposition()
    {
    }

    /// <summary>The names of the families.</summary>
    public IReadOnlyCollection<string> Families => _families.Keys;

    /// <summary>The values by name and labels, as they are written.</summary>
    public IReadOnlyDictionary<string, double> Series => _series;

    /// <summary>The sum of the series of a name that have these labels.</summary>
    public double Sum(string name, params (string Label, string Value)[] labels) => _series
        .Where(series => series.Key.Split('{')[0] == name && labels.All(label => series.Key.Contains($"{label.Label}=\"{label.Value}\"", StringComparison.Ordinal)))
        .Sum(series => series.Value);

    public static Exposition Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var read = new Exposition();
        string? family = null;
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (line == "# EOF" || line.Length == 0)
            {
                continue;
            }

            family = line[0] == '#' ? read.ReadComment(line, family) : read.ReadSample(line, family);
        }

        Assert.All(read._families, row => Assert.True(row.Value is { Type: not null }, $"{row.Key} has no type"));
        return read;
    }

    private string? ReadComment(string line, string? family)
    {
        var match = Comment.Match(line);
        Assert.True(match.Success, line);
        var name = match.Groups["name"].Value;
        var (type, hasHelp) = _families.GetValueOrDefault(name);
        Assert.True(name == family || !_families.ContainsKey(name), $"{name} comes in two parts");
        switch (match.Groups["kind"].Value)
        {
            case "TYPE":
                Assert.Null(type);
                Assert.Contains(match.Groups["rest"].Value, Types);
                _families[name] = (match.Groups["rest"].Value, hasHelp);
                break;
            case "HELP":
                Assert.False(hasHelp, line);
                _families[name] = (type, true);
                break;
            default:
                _families[name] = (type, hasHelp);
                break;
        }

        return name;
    }

    private string? ReadSample(string line, string? family)
    {
        var match = Sample.Match(line);
        Assert.True(match.Success, line);
        var (name, labels) = (match.Groups["name"].Value, match.Groups["labels"].Value);
        Assert.NotNull(family);
        var stem = _families[family].Type == "histogram" ? Suffix.Replace(name, "") : name;
        Assert.Equal(family, stem);
        var names = Label.Matches(labels).Select(label => label.Groups["name"].Value).ToArray();
        Assert.Equal(names.Distinct(StringComparer.Ordinal).Count(), names.Length);
        Assert.True(_series.TryAdd(labels.Length > 0 ? $"{name}{{{labels}}}" : name, Number(match.Groups["value"].Value)), $"twice: {line}");
        return family;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"\A# (?<kind>HELP|TYPE|UNIT) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)( (?<rest>.*))?\z", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Comment { get; }

    [GeneratedRegex("""\A(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*)\})? (?<value>[-+]?[0-9.eE+-]+|[-+]Inf|NaN)( [0-9]+)?\z""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Sample { get; }

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="([^"\\]|\\.)*",?""", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Label { get; }

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Suffix { get; }
}

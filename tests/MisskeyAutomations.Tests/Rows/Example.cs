using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MisskeyAutomations.Tests.Rows;

/// <summary>
/// The example of a row, taken apart. It is written as the keys of one rule, which is called <c>rule</c>, or as a list of <c>rules</c>;
/// beside them stand <c>lists</c> and <c>defaults</c>, the keys of a test (<c>given expect at state lookups random</c>), and what else
/// must come of it: <c>calls</c> (requests in order, <c>ENDPOINT BODY</c> each), <c>needs</c> (permissions of the token), <c>says</c>
/// (parts of what is told about steps and gates), <c>finds</c> (<c>CODE@LINE:COLUMN</c>), <c>hint</c>, and <c>see</c> (a test that shows it instead).
/// </summary>
internal sealed partial class Example
{
    private const int OfOneRule = 2;
    private static readonly string[] OfTest = ["at", "random", "state", "lookups", "given", "expect"];
    private static readonly string[] OfFile = ["lists", "defaults", "rules"];
    private static readonly string[] OfCheck = ["calls", "needs", "says", "finds", "hint", "see"];

    private readonly Dictionary<string, List<string>> _parts = new(StringComparer.Ordinal) { [""] = [] };

    public Example(string text)
    {
        var part = "";
        foreach (var line in Repetition().Replace(text, Repeat).TrimEnd('\n').Split('\n'))
        {
            var key = Key().Match(line).Groups["key"].Value;
            part = OfTest.Contains(key) || OfFile.Contains(key) || OfCheck.Contains(key) ? key : key.Length > 0 ? "" : part;
            (_parts.TryGetValue(part, out var lines) ? lines : _parts[part] = []).Add(line);
        }
    }

    public IReadOnlyList<string> Calls => Lines("calls");

    public string? Needs => Lines("needs") is [] ? null : string.Join(' ', Lines("needs"));

    public IReadOnlyList<string> Says => Lines("says");

    public IReadOnlyList<string> Finds => Lines("finds");

    public IReadOnlyList<string> Hints => Lines("hint");

    public IReadOnlyList<string> Sees => Lines("see");

    public bool IsTest => _parts.ContainsKey("expect");

    /// <summary>Everything that must come of it: no break may touch this.</summary>
    public string Expected => string.Join('\n', OfCheck.Append("expect").SelectMany(Lines));

    /// <summary>The whole rule file.</summary>
    public string File()
    {
        var file = new StringBuilder();
        if (_parts.TryGetValue("rules", out var rules))
        {
            file.AppendJoin('\n', rules).Append('\n');
        }
        else if (IsTest || _parts[""].Any(line => line.Length > 0))
        {
            file.Append("rules:\n  - name: rule\n");
            file.Append(Indented(_parts[""], "    "));
        }

        foreach (var key in OfFile.Where(key => key != "rules" && _parts.ContainsKey(key)))
        {
            file.AppendJoin('\n', _parts[key]).Append('\n');
        }

        return IsTest ? file.Append("tests:\n  - name: row\n").AppendJoin("", OfTest.Where(_parts.ContainsKey).Select(TestPart)).ToString() : file.ToString();
    }

    /// <summary>A place in the file as a place in the example.</summary>
    public (int Line, int Column) PlaceOf((int Line, int Column) inFile) =>
        _parts.ContainsKey("rules") || _parts[""].Count == 0 ? inFile : (inFile.Line - OfOneRule, inFile.Column - 4);

    private string TestPart(string key)
    {
        if (key != "expect" || _parts.ContainsKey("rules"))
        {
            return Indented(_parts[key], "    ");
        }

        var lines = _parts[key];
        return $"    expect:\n      rule:{lines[0]["expect:".Length..]}\n{Indented(lines.Skip(1), "      ")}";
    }

    // The value behind the key, and the lines below it.
    private List<string> Lines(string key) => !_parts.TryGetValue(key, out var lines) ? []
        : [.. lines.Select((line, index) => (index == 0 ? line[(key.Length + 1)..] : line).Trim()).Where(line => line.Length > 0)];

    private static string Indented(IEnumerable<string> lines, string by) => string.Concat(lines.Select(line => line.Length == 0 ? "\n" : $"{by}{line}\n"));

    private static string Repeat(Match match) =>
        new StringBuilder().Insert(0, match.Groups["text"].Value, int.Parse(match.Groups["times"].Value, CultureInfo.InvariantCulture)).ToString();

    [GeneratedRegex("^(?<key>[a-z][a-z-]*):( |$)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Key();

    [GeneratedRegex("⟪(?<text>[^⟫]*)×(?<times>[0-9]+)⟫", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Repetition();
}

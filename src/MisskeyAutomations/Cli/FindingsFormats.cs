using System.Text.Encodings.Web;
using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Cli;

/// <summary>
/// Findings for machines. Lines and columns count from 1, columns in UTF-16 code units, as editors do; ends lie behind the last
/// character that is meant.
/// </summary>
internal static class FindingsFormats
{
    private const string SarifSchema = "https://json.schemastore.org/sarif-2.1.0.json";

    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The names of the formats beside <c>text</c>, with their writers.</summary>
    public static IReadOnlyDictionary<string, Func<IReadOnlyList<Diagnostic>, Translation, string>> All { get; } =
        new Dictionary<string, Func<IReadOnlyList<Diagnostic>, Translation, string>>(StringComparer.Ordinal)
        {
            ["json"] = Json,
            ["sarif"] = Sarif,
            ["github"] = GitHub,
        };

    /// <summary>A list of objects: <c>path line column endLine endColumn offset length code severity message hint note</c>.</summary>
    public static string Json(IReadOnlyList<Diagnostic> findings, Translation language) => Write(json =>
    {
        json.WriteStartArray();
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("path", finding.Source.Path);
            WriteRegion(json, finding, "line", "column");
            json.WriteNumber("offset", finding.Span.Start);
            json.WriteNumber("length", finding.Span.End - finding.Span.Start);
            json.WriteString("code", finding.Code);
            json.WriteString("severity", LevelOf(finding));
            json.WriteString("message", finding.MessageIn(language));
            json.WriteString("hint", finding.Hint?.In(language));
            json.WriteString("note", finding.Note?.In(language));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    /// <summary>SARIF 2.1.0, which code hosts and editors show beside the lines.</summary>
    public static string Sarif(IReadOnlyList<Diagnostic> findings, Translation language) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("$schema", SarifSchema);
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        json.WriteString("columnKind", "utf16CodeUnits");
        WriteTool(json, findings, language);
        json.WriteStartArray("results");
        foreach (var finding in findings)
        {
            WriteResult(json, finding, language);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>Workflow commands of GitHub Actions: each finding becomes an annotation of its line.</summary>
    public static string GitHub(IReadOnlyList<Diagnostic> findings, Translation language) => string.Concat(findings.Select(finding =>
    {
        var (start, end) = RegionOf(finding);
        var place = $"file={Property(finding.Source.Path)},line={start.Line},endLine={end.Line},col={start.Column},endColumn={end.Column},title={Property(finding.Code)}";
        return $"::{LevelOf(finding)} {place}::{Data(MessageWithHint(finding, language))}\n";
    }));

    private static void WriteTool(Utf8JsonWriter json, IReadOnlyList<Diagnostic> findings, Translation language)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "MisskeyAutomations");
        json.WriteString("version", typeof(FindingsFormats).Assembly.GetName().Version!.ToString(fieldCount: 3));
        json.WriteStartArray("rules");
        foreach (var row in findings.Select(finding => finding.Descriptor).DistinctBy(row => row.Code, StringComparer.Ordinal).OrderBy(row => row.Code, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("id", row.Code);
            json.WriteStartObject("help");
            json.WriteString("text", DiagnosticHelp.Text(row.Code, language));
            json.WriteString("markdown", DiagnosticHelp.Markdown(row.Code, language));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("language", language.Language);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, Diagnostic finding, Translation language)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Code);
        json.WriteString("level", LevelOf(finding));
        json.WriteStartObject("message");
        json.WriteString("text", MessageWithHint(finding, language));
        json.WriteEndObject();
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", string.Join('/', finding.Source.Path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString)));
        json.WriteEndObject();
        json.WriteStartObject("region");
        WriteRegion(json, finding, "startLine", "startColumn");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRegion(Utf8JsonWriter json, Diagnostic finding, string line, string column)
    {
        var (start, end) = RegionOf(finding);
        json.WriteNumber(line, start.Line);
        json.WriteNumber(column, start.Column);
        json.WriteNumber("endLine", end.Line);
        json.WriteNumber("endColumn", end.Column);
    }

    private static ((int Line, int Column) Start, (int Line, int Column) End) RegionOf(Diagnostic finding) =>
        (finding.Source.GetPosition(finding.Span.Start), finding.Source.GetPosition(finding.Span.End));

    private static string MessageWithHint(Diagnostic finding, Translation language) =>
        finding.Hint is { } hint ? $"{finding.MessageIn(language)}: {hint.In(language)}" : finding.MessageIn(language);

    private static string LevelOf(Diagnostic finding) => finding.Severity == Severity.Error ? "error" : "warning";

    // A line break would end the command, and in a property a comma or colon would end the property.
    private static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    private static string Write(Action<Utf8JsonWriter> write) => JsonWriting.Write(Readable, write) + "\n";
}

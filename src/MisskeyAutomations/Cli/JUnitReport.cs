using System.Globalization;
using System.Text;
using System.Xml;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.RuleTests;

namespace MisskeyAutomations.Cli;

/// <summary>
/// What tests gave as JUnit XML, which build servers read: a suite for each file, a case for each test, and for each finding that is to
/// be mended a case with an error. Characters that XML does not know are written as <c>\uXXXX</c>.
/// </summary>
internal static class JUnitReport
{
    private const string Product = "misskey-automations";

    private static readonly XmlWriterSettings Settings = new() { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    /// <summary>Writes it, and makes the folders above where they are missing.</summary>
    /// <exception cref="CommandFailure">The file cannot be written.</exception>
    public static void Write(string path, TestRound round, Translation language)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using var xml = XmlWriter.Create(path, Settings);
            Write(xml, round, language);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailure(ExitCodes.Storage, $"The report cannot be written to '{path}': {trouble.Message.TrimEnd('.')}. Name another file with --report.", trouble);
        }
    }

    private static void Write(XmlWriter xml, TestRound round, Translation language)
    {
        var findings = round.Findings.Where(round.Counts).ToList();
        xml.WriteStartElement("testsuites");
        Attribute(xml, "name", Product);
        WriteCounts(xml, round.Results.Count + findings.Count, round.Failed, findings.Count, round.Took);
        var files = findings.Select(finding => finding.Source.Path).Concat(round.Results.Select(entry => entry.Result.Test.Source.Path)).Distinct(StringComparer.Ordinal);
        foreach (var file in files)
        {
            WriteSuite(xml, file, [.. round.Results.Where(entry => entry.Result.Test.Source.Path == file)], [.. findings.Where(finding => finding.Source.Path == file)], language);
        }

        xml.WriteEndElement();
    }

    private static void WriteSuite(
        XmlWriter xml, string file, IReadOnlyList<(RuleTestResult Result, TimeSpan Took)> results, IReadOnlyList<Diagnostic> findings, Translation language)
    {
        xml.WriteStartElement("testsuite");
        Attribute(xml, "name", file);
        var took = results.Aggregate(TimeSpan.Zero, (sum, entry) => sum + entry.Took);
        WriteCounts(xml, results.Count + findings.Count, results.Count(entry => !entry.Result.Passed), findings.Count, took);
        foreach (var finding in findings)
        {
            var (line, column) = finding.Source.GetPosition(finding.Span.Start);
            WriteCase(xml, string.Create(CultureInfo.InvariantCulture, $"{finding.Code} {line}:{column}"), file, line, TimeSpan.Zero,
                ("error", finding.Code, finding.MessageIn(language), DiagnosticText.Render(finding, language)));
        }

        foreach (var (result, time) in results)
        {
            var (line, _) = result.Test.Source.GetPosition(result.Test.Span.Start);
            WriteCase(xml, result.Test.Name, file, line, time, result.Passed ? null
                : ("failure", "expectation", result.Failures[0].Sentence.In(language), string.Join('\n', FailureText.Lines(result, language).Select(part => part.Line))));
        }

        xml.WriteEndElement();
    }

    private static void WriteCase(
        XmlWriter xml, string name, string file, int line, TimeSpan took, (string Element, string Type, string Message, string Text)? trouble)
    {
        xml.WriteStartElement("testcase");
        Attribute(xml, "name", name);
        Attribute(xml, "classname", file);
        Attribute(xml, "file", file);
        Attribute(xml, "line", line.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "time", Seconds(took));
        if (trouble is { } told)
        {
            xml.WriteStartElement(told.Element);
            Attribute(xml, "message", told.Message);
            Attribute(xml, "type", told.Type);
            xml.WriteString(Legal(told.Text));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, int tests, int failures, int errors, TimeSpan took)
    {
        Attribute(xml, "tests", tests.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "failures", failures.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "errors", errors.ToString(CultureInfo.InvariantCulture));
        Attribute(xml, "skipped", "0");
        Attribute(xml, "time", Seconds(took));
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Legal(value));

    private static string Seconds(TimeSpan took) => took.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static string Legal(string text)
    {
        var legal = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                legal.Append(text[i]).Append(text[++i]);
            }
            else if (XmlConvert.IsXmlChar(text[i]))
            {
                legal.Append(text[i]);
            }
            else
            {
                legal.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
        }

        return legal.ToString();
    }
}

using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Cli;

/// <summary>What is said to people on a terminal, for a log that machines read.</summary>
internal sealed partial class StartLog(ILogger<StartLog> logger)
{
    public void TellInForce(int rules, string path, Phrase sources) => LogInForce(rules, path, sources.In(Translation.English));

    public void TellFindings(IReadOnlyList<Diagnostic> findings)
    {
        foreach (var finding in findings)
        {
            var (line, column) = finding.Source.GetPosition(finding.Span.Start);
            if (finding.Severity == Severity.Error)
            {
                LogError(finding.Source.Path, line, column, finding.Code, finding.MessageIn(Translation.English));
            }
            else
            {
                LogWarning(finding.Source.Path, line, column, finding.Code, finding.MessageIn(Translation.English));
            }
        }
    }

    [LoggerMessage(2200, LogLevel.Information, "{Rules} rules from {Path} were put in force. {Sources}")]
    private partial void LogInForce(int rules, string path, string sources);

    [LoggerMessage(2201, LogLevel.Error, "{Path}:{Line}:{Column} had an error {Code}: {Finding}")]
    private partial void LogError(string path, int line, int column, string code, string finding);

    [LoggerMessage(2202, LogLevel.Warning, "{Path}:{Line}:{Column} was warned of {Code}: {Finding}")]
    private partial void LogWarning(string path, int line, int column, string code, string finding);
}

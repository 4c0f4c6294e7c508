using MisskeyAutomations.Cli;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>Command lines as people mistype them.</summary>
public sealed class CommandLineCorpusTests
{
    /// <summary>The verdict is that it is understood, or the first sentence of what is wrong.</summary>
    [Fact]
    public Task Every_line_is_understood_or_told_to_be_wrong() => Corpus.CheckAsync("command-lines.corpus", atLeast: 150, JudgeAsync);

    private static Task<string> JudgeAsync(string text)
    {
        var words = System.Text.Encoding.UTF8.GetString(CorpusBytes.Of(text)).Split('∥').Select(word => word == "∅" ? "" : word).ToArray();
        var errors = CommandLine.Parse(words).Errors;
        return Task.FromResult(errors.Count == 0 ? "understood" : Visible.Write(errors[0].Message));
    }
}

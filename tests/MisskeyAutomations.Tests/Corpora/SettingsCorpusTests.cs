using MisskeyAutomations.Cli;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>Settings as people write them by mistake, in the file and in the environment.</summary>
public sealed class SettingsCorpusTests
{
    private const string Account = "accounts:\n  main:\n    server: https://m.example\n    token: t0ken\n    hook-secret: 0123456789abcdef";
    private const string Environment = "$MISSKEY_SERVER=https://m.example\n$MISSKEY_TOKEN=t0ken\n$MISSKEY_HOOK_SECRET=0123456789abcdef";

    /// <summary>The verdict is that they are good, or the sentence with which the start is refused; it holds no secret.</summary>
    [Fact]
    public Task Every_setting_is_taken_or_refused_with_a_sentence() => Corpus.CheckAsync("settings.corpus", atLeast: 200, JudgeAsync);

    private static Task<string> JudgeAsync(string text)
    {
        using var folder = new TemporaryFolder();
        var lines = text.Split('\n').SelectMany(line => (line switch { "ACCOUNT" => Account, "ENV" => Environment, _ => line }).Split('\n')).ToList();
        var variables = lines.Where(line => line.StartsWith('$')).Select(line => line[1..].Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        File.WriteAllBytes(folder["automations.yaml"], CorpusBytes.Of(string.Join('\n', lines.Where(line => !line.StartsWith('$')))));
        try
        {
            EngineSettings.Read(folder.Path, variables);
            return Task.FromResult("ok");
        }
        catch (CommandFailure refused)
        {
            Assert.Equal(ExitCodes.Configuration, refused.ExitCode);
            Assert.NotEqual("", refused.Sentence.In(Translation.Japanese));
            return Task.FromResult(Visible.Write(refused.Sentence.In(Translation.English).Replace(folder.Path, "FOLDER", StringComparison.Ordinal)));
        }
    }
}

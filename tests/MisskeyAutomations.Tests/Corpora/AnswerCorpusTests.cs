using System.Globalization;
using System.Net;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>Answers of Misskey, of forks, of proxies, and of enemies in its place.</summary>
public sealed class AnswerCorpusTests
{
    /// <summary>The verdict is the outcome, which says whether the call may be sent again.</summary>
    [Fact]
    public Task Every_answer_gets_its_outcome() => Corpus.CheckAsync("answers.corpus", atLeast: 600, JudgeAsync);

    // ENDPOINT STATUS TYPE [HEADER: VALUE ‖ …] BODY
    private static async Task<string> JudgeAsync(string text)
    {
        var words = text.Split(' ', 4);
        var end = words[3].IndexOf("] ", StringComparison.Ordinal) is var found and >= 0 ? found : words[3].Length - 1;
        using var response = new HttpResponseMessage((HttpStatusCode)int.Parse(words[1], CultureInfo.InvariantCulture))
        {
            Content = new ByteArrayContent(CorpusBytes.Of(words[3][Math.Min(words[3].Length, end + 2)..])),
        };
        response.Content.Headers.ContentType = words[2] switch
        {
            "json" => new("application/json"),
            "html" => new("text/html"),
            "text" => new("text/plain"),
            "octets" => new("application/octet-stream"),
            _ => null,
        };
        foreach (var header in words[3][1..end].Split(" ‖ ", StringSplitOptions.RemoveEmptyEntries).Select(header => header.Split(": ", 2)))
        {
            response.Headers.TryAddWithoutValidation(header[0], System.Text.Encoding.UTF8.GetString(CorpusBytes.Of(header[1])));
        }

        return OutcomeReaderTests.Describe(await OutcomeReaderTests.ReadAsync(words[0], response));
    }
}

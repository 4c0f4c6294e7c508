using System.IO.Enumeration;

namespace MisskeyAutomations.Sandbox.Chaos;

/// <summary>
/// Chooses which exchanges of a <see cref="ChaosProxy"/> go wrong, and how. The same seed chooses the same for the same numbers of requests.
/// </summary>
/// <param name="seed">Repeats what was chosen.</param>
public sealed class ChaosPlan(int seed)
{
    private static readonly int[] Gateways = [502, 503, 504, 520, 521, 522, 523, 524];
    private static readonly string[] Nonsense = ["{", "null", "true", "42", "[]", "\"\"", "[[[", "{\"createdNote\":[]}", "{\"createdNote\":{\"id\":7}}", "{\"error\":\"no\"}", "\u0000"];

    // What no server lies about stays true: 2xx only for what was carried out, 429 only for what was not.
    private static readonly Func<Random, Trouble>[] Honest =
    [
        random => new Trouble.CutRequest(random.Next(1_200)),
        random => new Trouble.CutAnswer(0),
        random => new Trouble.CutAnswer(random.Next(1, 1_500)),
        random => new Trouble.Delay(TimeSpan.FromMilliseconds(random.Next(50, 2_000))),
        random => new Trouble.Drip(TimeSpan.FromMilliseconds(random.Next(1, 3))),
        random => new Trouble.Instead(CannedAnswer.TooMany(random.Next(1, 4))),
        random => new Trouble.Instead(CannedAnswer.InternalError, IsPassedOn: random.Next(2) == 0),
        random => new Trouble.Instead(CannedAnswer.Page(random.GetItems(Gateways, 1)[0]), IsPassedOn: random.Next(2) == 0),
        random => new Trouble.Instead(CannedAnswer.Page(200), IsPassedOn: true),
        random => new Trouble.Instead(new CannedAnswer(200), IsPassedOn: true),
        random => new Trouble.Instead(new CannedAnswer(204), IsPassedOn: true),
        random => new Trouble.Instead(CannedAnswer.Json(200, random.GetItems(Nonsense, 1)[0]), IsPassedOn: true),
        random => new Trouble.Flood(8 * 1024 * 1024),
        random => new Trouble.Flood(64 * 1024 * 1024, IsZipped: true),
    ];

    /// <summary>How many of the exchanges go wrong, 0 to 1; one in five by default.</summary>
    public double Share { get; init; } = 0.2;

    /// <summary>The paths that may go wrong, such as <c>/api/notes/*</c>; all by default.</summary>
    public string Paths { get; init; } = "*";

    /// <summary>Whether requests may be doubled: then a server without a key against repetition makes two notes of one.</summary>
    public bool Doubles { get; init; }

    /// <summary>What an exchange is to meet; null when it is spared.</summary>
    /// <param name="number">The how manyth it is.</param>
    /// <param name="path">What it asks for.</param>
    public Trouble? Choose(int number, string path)
    {
        var random = new Random(unchecked((seed * 7_919) ^ number));
        if (random.NextDouble() >= Share || !FileSystemName.MatchesSimpleExpression(Paths, path))
        {
            return null;
        }

        var choice = random.Next(Honest.Length + (Doubles ? 1 : 0));
        return choice < Honest.Length ? Honest[choice](random) : new Trouble.Twice();
    }
}

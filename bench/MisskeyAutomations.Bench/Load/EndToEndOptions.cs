using System.Globalization;

namespace MisskeyAutomations.Bench.Load;

/// <summary>What the whole engine is loaded with.</summary>
internal sealed record EndToEndOptions
{
    /// <summary><c>notes</c>: notes that no rule takes; <c>mixed</c>: 90 % of them, 5 % followed, 5 % mention; <c>followed</c>: nothing else.</summary>
    public string Mix { get; init; } = "followed";

    /// <summary>Events offered per second; 0 for as many as the connections carry.</summary>
    public int Rate { get; init; }

    /// <summary>Connections, each with one request at a time.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Length of one round.</summary>
    public int Seconds { get; init; } = 5;

    /// <summary>Rounds, alternating with those of the bare endpoint.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>The connection string of a PostgreSQL database to be measured beside the embedded one; null for none.</summary>
    public string? Store { get; init; }

    public static EndToEndOptions Parse(string[] options)
    {
        var parsed = new EndToEndOptions();
        for (var i = 0; i < options.Length; i += 2)
        {
            var value = i + 1 < options.Length ? options[i + 1] : throw new ArgumentException($"{options[i]} needs a value.", nameof(options));
            parsed = options[i] switch
            {
                "--mix" => parsed with { Mix = value is "notes" or "mixed" or "followed" ? value : throw new ArgumentException($"There is no mix '{value}'.", nameof(options)) },
                "--rate" => parsed with { Rate = Number(value) },
                "--connections" => parsed with { Connections = Number(value) },
                "--seconds" => parsed with { Seconds = Number(value) },
                "--rounds" => parsed with { Rounds = Number(value) },
                "--store" => parsed with { Store = value },
                var unknown => throw new ArgumentException($"There is no option {unknown}.", nameof(options)),
            };
        }

        return parsed;
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);
}

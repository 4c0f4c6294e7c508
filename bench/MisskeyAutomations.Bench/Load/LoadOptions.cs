using System.Globalization;

namespace MisskeyAutomations.Bench.Load;

/// <summary>How much load, and for how long.</summary>
internal sealed record LoadOptions
{
    /// <summary>Connections, each with one request at a time.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Length of one round of one server.</summary>
    public int Seconds { get; init; } = 5;

    /// <summary>Rounds of each server.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>The connection string of a PostgreSQL database to be measured beside the embedded one; null for none.</summary>
    public string? Store { get; init; }

    public static LoadOptions Parse(string[] options)
    {
        var parsed = new LoadOptions();
        for (var i = 0; i < options.Length; i += 2)
        {
            var value = i + 1 < options.Length ? options[i + 1] : throw new ArgumentException($"{options[i]} needs a value.", nameof(options));
            parsed = options[i] switch
            {
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

using System.IO.Enumeration;

namespace MisskeyAutomations.Sandbox.Faults;

/// <summary>Which calls shall go wrong and how.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];

    public void Add(string pattern, Fault fault, int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        lock (_gate)
        {
            _entries.Add(new Entry(pattern, fault) { Remaining = times });
        }
    }

    public void Add(string pattern, Fault fault, double probability, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(probability, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        lock (_gate)
        {
            _entries.Add(new Entry(pattern, fault) { Probability = probability, Random = new Random(seed) });
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    public int Left
    {
        get
        {
            lock (_gate)
            {
                return _entries.Sum(entry => entry.Remaining);
            }
        }
    }

    /// <summary>The fault of the first entry that hits this call; null when the call is spared.</summary>
    public Fault? Next(string endpoint)
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                if (FileSystemName.MatchesSimpleExpression(entry.Pattern, endpoint) && entry.Hits())
                {
                    if (entry.Random is null && entry.Remaining == 0)
                    {
                        _entries.Remove(entry);
                    }
                    return entry.Fault;
                }
            }
            return null;
        }
    }

    private sealed class Entry(string pattern, Fault fault)
    {
        public string Pattern => pattern;

        public Fault Fault => fault;

        public int Remaining { get; set; }

        public double Probability { get; init; }

        public Random? Random { get; init; }

        public bool Hits() => Random is null ? Remaining-- > 0 : Random.NextDouble() < Probability;
    }
}

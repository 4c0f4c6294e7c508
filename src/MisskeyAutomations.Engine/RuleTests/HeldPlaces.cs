namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>Places in limits, found by key and time and by run, however many there are.</summary>
internal sealed class HeldPlaces
{
    private static readonly Comparer<HeldPlace> ByTime = Comparer<HeldPlace>.Create(static (one, other) =>
        one.At != other.At ? one.At.CompareTo(other.At) : one.Run != other.Run ? one.Run.CompareTo(other.Run) : one.Number.CompareTo(other.Number));

    private readonly Dictionary<string, List<HeldPlace>> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<HeldPlace>> _promised = new(StringComparer.Ordinal);
    private readonly Dictionary<long, List<HeldPlace>> _byRun = [];
    private long _count;

    /// <summary>The places of a run, in the order in which it got them.</summary>
    public IReadOnlyList<HeldPlace> Of(long run) => _byRun.TryGetValue(run, out var held) ? held : [];

    /// <summary>The places with a key, the latest first.</summary>
    public IEnumerable<HeldPlace> Latest(string key)
    {
        var held = _byKey.GetValueOrDefault(key);
        for (var i = (held?.Count ?? 0) - 1; i >= 0; i--)
        {
            yield return held![i];
        }
    }

    /// <summary>The promised place with a key whose turn comes next after a moment and a run; null when there is none.</summary>
    public HeldPlace? NextPromised(string key, DateTimeOffset at, long run)
    {
        var after = new HeldPlace { Key = key, Number = long.MaxValue, At = at, Run = run, IsPromised = true };
        return _promised.TryGetValue(key, out var promised) && promised.Max is { } last && ByTime.Compare(after, last) < 0 ? promised.GetViewBetween(after, last).Min : null;
    }

    public void Add(string key, DateTimeOffset at, long run, bool isPromised) => Put(new() { Key = key, Number = ++_count, At = at, Run = run, IsPromised = isPromised });

    public void Change(HeldPlace place, Action<HeldPlace> change)
    {
        Remove(place);
        change(place);
        Put(place);
    }

    public void Remove(HeldPlace place)
    {
        var held = _byKey[place.Key];
        held.RemoveAt(held.BinarySearch(place, ByTime));
        if (held.Count == 0)
        {
            _byKey.Remove(place.Key);
        }

        if (place.IsPromised && _promised[place.Key] is var promised && promised.Remove(place) && promised.Count == 0)
        {
            _promised.Remove(place.Key);
        }

        _byRun[place.Run].Remove(place);
        if (_byRun[place.Run].Count == 0)
        {
            _byRun.Remove(place.Run);
        }
    }

    private void Put(HeldPlace place)
    {
        if (!_byKey.TryGetValue(place.Key, out var held))
        {
            _byKey[place.Key] = held = [];
        }

        held.Insert(~held.BinarySearch(place, ByTime), place);
        if (place.IsPromised)
        {
            (_promised.TryGetValue(place.Key, out var promised) ? promised : _promised[place.Key] = new(ByTime)).Add(place);
        }

        if (!_byRun.TryGetValue(place.Run, out var own))
        {
            _byRun[place.Run] = own = [];
        }

        own.Add(place);
    }
}

/// <summary>A place in a limit. Its time and run change by <see cref="HeldPlaces.Change"/> alone.</summary>
internal sealed class HeldPlace
{
    public required string Key { get; init; }

    /// <summary>Tells places of one moment and run apart.</summary>
    public required long Number { get; init; }

    public required DateTimeOffset At { get; set; }

    public required long Run { get; set; }

    public required bool IsPromised { get; set; }

    public bool IsKept { get; set; }
}

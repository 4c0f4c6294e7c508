using System.Collections.Concurrent;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>
/// For how long it has been unknown what became of requests, by the stopwatch of this process. The machine's clock is no measure of that: put
/// forward by an hour, it would make every request that is still on its way look as if it had never arrived. Of what another process
/// doubted nothing is known before this one hears of it, so that is when its time begins.
/// </summary>
internal sealed class Doubts(TimeProvider time)
{
    private const int Many = 1_000;

    private readonly ConcurrentDictionary<Key, Beginning> _beginnings = new();

    /// <summary>From now on a step is uncertain.</summary>
    public void Begin(Step step)
    {
        if (_beginnings.Count > Many)
        {
            Tidy();
        }

        _beginnings.TryAdd(Key.Of(step), new(time.GetTimestamp(), IsWitnessed: true));
    }

    /// <summary>What became of a step is known, or will not be.</summary>
    public void End(Step step) => _beginnings.TryRemove(Key.Of(step), out _);

    /// <summary>The step with the time at which it was doubted, told back from a look.</summary>
    public Step Told(Step step, Glance look) => step with { At = look.At - Find(Key.Of(step), look).Age };

    /// <summary>The owner of a note with the time at which it was found, told back from a look.</summary>
    public Maker Told(string noteId, Maker maker, Glance look) => maker with { At = look.At - Find(new(noteId, maker.At.ToUnixTimeMilliseconds()), look).Age };

    /// <summary>When a step's request was frozen, by the clock as it goes now.</summary>
    public DateTimeOffset FrozenAt(Step step, Glance look)
    {
        var frozenAt = step.Intent!.FrozenAt ?? step.At;
        var (age, isWitnessed) = Find(Key.Of(step), look);
        return isWitnessed ? frozenAt + (look.At - step.At - age) : frozenAt < look.At ? frozenAt : look.At;
    }

    private (TimeSpan Age, bool IsWitnessed) Find(Key key, Glance look)
    {
        var (stamp, isWitnessed) = _beginnings.GetOrAdd(key, new Beginning(look.Stamp, IsWitnessed: false));
        var age = time.GetElapsedTime(stamp, look.Stamp);
        return (age > TimeSpan.Zero ? age : TimeSpan.Zero, isWitnessed);
    }

    // What other engines settled is never ended here.
    private void Tidy()
    {
        foreach (var (key, beginning) in _beginnings)
        {
            if (time.GetElapsedTime(beginning.Stamp) > LookTimes.Patience)
            {
                _beginnings.TryRemove(key, out _);
            }
        }
    }

    private readonly record struct Beginning(long Stamp, bool IsWitnessed);

    // The time as it comes back from the store. Of equal posts doubted in the same millisecond either may go by the other's stopwatch.
    private readonly record struct Key(string What, long At)
    {
        public static Key Of(Step step) => new($"{step.Path} {step.Intent!.Body}", step.At.ToUnixTimeMilliseconds());
    }
}

/// <summary>When a look began.</summary>
/// <param name="At">By the clock.</param>
/// <param name="Stamp">By the stopwatch.</param>
internal readonly record struct Glance(DateTimeOffset At, long Stamp);

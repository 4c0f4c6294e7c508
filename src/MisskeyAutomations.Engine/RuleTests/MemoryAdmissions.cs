using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>The turns and places of runs in memory.</summary>
/// <param name="runs">The runs by number.</param>
/// <param name="put">Puts a changed run in the place of the one before.</param>
internal sealed class MemoryAdmissions(SortedDictionary<long, Run> runs, Action<Run> put) : Admissions
{
    private readonly Dictionary<long, (string Key, bool IsQueued)> _turns = [];
    private readonly HeldPlaces _places = new();

    /// <summary>Carries an answer out for a run that is stored, or is about to be; the runs whose place it takes are to be stopped.</summary>
    public IReadOnlyList<Ring> CarryOut(Run run, Admission admission, OverlapClaim? overlap, IReadOnlyList<LimitClaim> claims, DateTimeOffset now)
    {
        var rings = new List<Ring>();
        switch (admission)
        {
            case Admission.Granted granted:
                Inherit(run, granted.Replaces, claims);
                Take(run, claims, now, isPromised: false, rings, now);
                break;
            case Admission.Delayed delayed:
                Inherit(run, delayed.Replaces, claims);
                Take(run, claims, delayed.Until, isPromised: true, rings, now);
                break;
            case Admission.Over:
                rings.AddRange(LeaveTurn(run.Id, now));
                return rings;
        }

        if (overlap is not null && admission is not Admission.Refused)
        {
            _turns[run.Id] = (Key(run, overlap.Key), admission is Admission.Queued);
        }

        return rings;
    }

    /// <summary>A run has ended, or waits for certainty: what it held is free, as far as nobody must count it any more.</summary>
    public IReadOnlyList<Ring> Release(Run run, DateTimeOffset now)
    {
        var rings = new List<Ring>();
        if (run.HasEnded && !run.KeepsPlaces)
        {
            rings.AddRange(GiveBack(run, _ => true, now));
        }

        if (run.HasEnded || run.WaitsForPerson)
        {
            rings.AddRange(LeaveTurn(run.Id, now, forGood: run.HasEnded));
        }

        return rings;
    }

    /// <summary>A run became a dry run before it had an effect: it has no place among the real ones.</summary>
    public IReadOnlyList<Ring> GiveBackReal(Run run, DateTimeOffset now) =>
        GiveBack(run, place => !place.Key.StartsWith(Prefix(run), StringComparison.Ordinal), now);

    /// <inheritdoc/>
    protected override bool HasTurn(Run run) => _turns.TryGetValue(run.Id, out var turn) && !turn.IsQueued;

    /// <inheritdoc/>
    protected override IReadOnlyList<long> Unfinished(Run run, OverlapClaim overlap) =>
        [.. _turns.Where(turn => turn.Key != run.Id && turn.Value.Key == Key(run, overlap.Key) && IsInTheWay(turn.Key)).Select(turn => turn.Key).Order()];

    /// <inheritdoc/>
    protected override Place? FindPlace(Run run, LimitClaim claim, IReadOnlyList<long> replaced) =>
        Held([run.Id, .. replaced], Key(run, claim.Key)).Select(place => (Place?)new Place(place.At, place.IsPromised)).FirstOrDefault();

    /// <inheritdoc/>
    protected override int Count(Run run, LimitClaim claim, IReadOnlyList<long> replaced, DateTimeOffset since, DateTimeOffset promisedBefore) =>
        Others(run, claim, replaced, promisedBefore).TakeWhile(place => place.At >= since).Count();

    /// <inheritdoc/>
    protected override TakenPlace? Latest(Run run, LimitClaim claim, IReadOnlyList<long> replaced, int number, DateTimeOffset promisedBefore)
    {
        var latest = Others(run, claim, replaced, promisedBefore).ElementAtOrDefault(number - 1);
        return latest is null ? null : new TakenPlace(latest.At, latest.Run);
    }

    // The latest first.
    private IEnumerable<HeldPlace> Others(Run run, LimitClaim claim, IReadOnlyList<long> replaced, DateTimeOffset promisedBefore) => _places.Latest(Key(run, claim.Key))
        .Where(place => place.Run != run.Id && !replaced.Contains(place.Run) && (!place.IsPromised || place.At < promisedBefore));

    private IEnumerable<HeldPlace> Held(IEnumerable<long> holders, string key) => holders.SelectMany(_places.Of)
        .Where(place => place.Key == key).OrderBy(place => place.IsPromised).ThenBy(place => place.At);

    private bool IsInTheWay(long runId) => runs[runId] is { HasEnded: false, WaitsForPerson: false };

    // What the replaced runs had and the new one does not need is given back when they have ended.
    private void Inherit(Run run, IReadOnlyList<long> replaced, IReadOnlyList<LimitClaim> claims)
    {
        foreach (var key in claims.Select(claim => Key(run, claim.Key)).Distinct(StringComparer.Ordinal))
        {
            if (Held(replaced, key).FirstOrDefault() is { } place)
            {
                var mayHaveActed = runs[place.Run].Steps.Values.Any(step => step.HadEffect || step.State == StepState.Intended);
                _places.Change(place, taken => (taken.Run, taken.IsKept) = (run.Id, taken.IsKept || mayHaveActed));
            }
        }
    }

    private void Take(Run run, IReadOnlyList<LimitClaim> claims, DateTimeOffset at, bool isPromised, List<Ring> rings, DateTimeOffset now)
    {
        foreach (var key in claims.Select(claim => Key(run, claim.Key)).Distinct(StringComparer.Ordinal))
        {
            if (_places.Of(run.Id).FirstOrDefault(place => place.Key == key) is not { } own)
            {
                _places.Add(key, at, run.Id, isPromised);
            }
            else if (own.IsPromised)
            {
                var turn = own.At;
                _places.Change(own, taken => (taken.At, taken.IsPromised) = (isPromised && turn < at ? turn : at, isPromised));
                rings.AddRange(turn > at ? RingNext(key, turn, run.Id, now) : []);
            }
        }
    }

    private List<Ring> GiveBack(Run run, Predicate<HeldPlace> which, DateTimeOffset now)
    {
        var free = _places.Of(run.Id).Where(place => !place.IsKept && which(place)).ToList();
        foreach (var place in free)
        {
            _places.Remove(place);
        }

        return [.. free.Select(place => place.Key).Distinct(StringComparer.Ordinal).SelectMany(key => RingNext(key, DateTimeOffset.MinValue, 0, now))];
    }

    // Whose turn is next asks again, and tells the next in turn when it moved.
    private List<Ring> RingNext(string key, DateTimeOffset turn, long runId, DateTimeOffset now) =>
        _places.NextPromised(key, turn, runId) is { } next ? Wake(next.Run, WaitReason.Place, now) : [];

    private List<Ring> LeaveTurn(long runId, DateTimeOffset now, bool forGood = true)
    {
        if (!_turns.TryGetValue(runId, out var turn))
        {
            return [];
        }

        if (forGood)
        {
            _turns.Remove(runId);
        }

        var others = _turns.Where(other => other.Key != runId && other.Value.Key == turn.Key).ToList();
        var next = others.Where(other => other.Value.IsQueued).Select(other => other.Key).Order().FirstOrDefault();
        if (next == 0 || others.Any(other => !other.Value.IsQueued && IsInTheWay(other.Key)))
        {
            return [];
        }

        _turns[next] = (turn.Key, false);
        return Wake(next, WaitReason.Turn, now);
    }

    private List<Ring> Wake(long runId, WaitReason reason, DateTimeOffset now)
    {
        if (runs[runId] is not { State: RunState.Waiting } waiting || waiting.WaitsFor != reason)
        {
            return [];
        }

        put(waiting with { DueAt = now });
        return [new(runId, now)];
    }

    private static string Key(Run run, string key) => Prefix(run) + key;

    private static string Prefix(Run run) => $"{run.Account}/{run.RuleName}/{(run.IsDryRun ? "dry" : "real")}:";
}

using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Where a value is kept, within an account.</summary>
/// <param name="Scope"><c>account</c>, or what it is kept per with its id: <c>user:9abc</c>, <c>host:</c> for this server's own.</param>
/// <param name="Key">As written in <c>set</c>.</param>
public readonly record struct StateSlot(string Scope, string Key)
{
    /// <summary>Within what; shortened where it is too long for an index.</summary>
    public string Scope { get; init; } = IndexKey.Of(Scope);

    /// <summary>Bytes that a value may have as it is kept.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The slot that an event means; null when it brings nothing of the kind.</summary>
    public static StateSlot? Of(string key, string? per, Event happening)
    {
        var id = per switch
        {
            null => "",
            "user" => happening.ActorId,
            "host" => (happening.User ?? happening.Note?.FindObject("user")) is { } user ? user.GetText("host") ?? "" : null,
            "note" => happening.Note?.GetText("id"),
            _ => happening.Thread,
        };
        return id is null || key.Length is 0 or > StateKey.MaxLength ? null : new(per is null ? "account" : $"{per}:{id}", key);
    }
}

/// <summary>A change of what is kept.</summary>
/// <param name="Slot">Where.</param>
/// <param name="Value">As <see cref="StoredValue"/> writes it; null removes.</param>
/// <param name="ExpiresAt">When it vanishes; null for never.</param>
public sealed record StateChange(StateSlot Slot, string? Value, DateTimeOffset? ExpiresAt);

/// <summary>What a run saw in a slot; null for nothing.</summary>
public sealed record StateSeen(StateSlot Slot, string? Value);

/// <summary>What <c>set</c> kept, as one run sees it; remembers what it saw, so that a change can be refused that rests on something old.</summary>
public sealed class StateView(IRunStore store)
{
    private readonly Dictionary<StateSlot, string?> _seen = [];

    /// <summary>What was looked up since the last <see cref="Forget"/>.</summary>
    public IReadOnlyList<StateSeen> Seen => [.. _seen.Select(pair => new StateSeen(pair.Key, pair.Value))];

    /// <summary>Whether anything that was looked up comes from a note that is not public: whose, nobody knows any more.</summary>
    public bool HasPrivate { get; private set; }

    /// <summary>Answers a look-up.</summary>
    public async Task AnswerAsync(RunWork work, Lookup lookup, CancellationToken cancellationToken)
    {
        var (key, per) = StateKey.Read(lookup);
        var value = Value.Null;
        if (StateSlot.Of(key, per, work.Event) is { } slot)
        {
            var stored = await store.FindStateAsync(work.Run, slot, cancellationToken);
            _seen[slot] = stored;
            value = stored is null ? Value.Null : StoredValue.Read(stored);
        }

        HasPrivate |= value.HoldsPrivate;
        work.Scope.Answer(lookup, value.HoldsPrivate ? value.WithAll(ValueMarks.Private | ValueMarks.Foreign) : value);
    }

    /// <summary>Lets everything be looked up anew.</summary>
    public void Forget(Scope scope)
    {
        _seen.Clear();
        scope.Forget(LookupKind.State);
    }
}

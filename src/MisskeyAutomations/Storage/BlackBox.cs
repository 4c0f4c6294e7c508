using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Storage;

/// <summary>
/// The black box as a small file mapped into memory: what is written there outlives the process however it dies, and costs no more than a
/// write to memory. (It need not outlive the machine: no event pulls a plug.)
/// </summary>
internal sealed class BlackBox : IBlackBox, IDisposable
{
    /// <summary>After so many deaths at one thing it is not evaluated any more.</summary>
    public const int MostDeaths = 3;

    private const int Slots = 512;

    // The lease of the process stands behind the slots.
    private const int LeaseAt = Slots * sizeof(long);
    private const int Length = LeaseAt + sizeof(long);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Lock _gate = new();
    private readonly Stack<int> _free = new(Enumerable.Range(0, Slots).Reverse());
    private readonly EvaluationMark?[] _marks = new EvaluationMark?[Slots];
    private readonly SemaphoreSlim _alone = new(1);
    private readonly ConcurrentDictionary<Evaluated, int> _deaths = [];
    private long _number;

    private BlackBox(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, Length);
    }

    public IReadOnlyList<EvaluationMark> Marks
    {
        get
        {
            lock (_gate)
            {
                return [.. _marks.OfType<EvaluationMark>()];
            }
        }
    }

    /// <summary>Whether there is anything that is not to be evaluated any more.</summary>
    public bool KnowsPoison => _deaths.Any(static death => death.Value >= MostDeaths);

    /// <summary>Opens the box of a process that has ended, or makes a new one.</summary>
    /// <exception cref="IOException">There is no room for it.</exception>
    public static BlackBox Open(FileStream file)
    {
        if (file.Length < Length)
        {
            // Written rather than stretched: a page that finds no room on the disk when it is first touched in memory ends the process.
            file.Position = file.Length;
            file.Write(new byte[Length - file.Length]);
            file.Flush(flushToDisk: true);
        }

        file.SetLength(Length);
        return new(MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false));
    }

    /// <summary>What was being evaluated when the former process ended: nothing where it ended in peace.</summary>
    public IReadOnlyList<Evaluated> ReadLeft() =>
        [.. Enumerable.Range(0, Slots).Select(slot => Decode(_view.ReadInt64(slot * sizeof(long)))).OfType<Evaluated>().Distinct()];

    /// <summary>The lease of the former process on this data directory; 0 where there was none.</summary>
    public long ReadFormerLease() => _view.ReadInt64(LeaseAt);

    /// <summary>Begins anew, knowing how often the engine died at what: before anything is entered.</summary>
    public void Begin(IReadOnlyDictionary<Evaluated, int> deaths, long lease)
    {
        _view.Write(LeaseAt, lease);
        foreach (var (what, number) in deaths)
        {
            _deaths[what] = number;
        }

        for (var slot = 0; slot < Slots; slot++)
        {
            _view.Write(slot * sizeof(long), 0L);
        }
    }

    public IDisposable Enter(Evaluated what)
    {
        var isSuspect = _deaths.ContainsKey(what);
        if (isSuspect)
        {
            _alone.Wait();
        }

        lock (_gate)
        {
            // With more at work at once than there are slots, some go unmarked, and are found at another death.
            if (!_free.TryPop(out var slot))
            {
                return new Mark(this, slot: null, isSuspect);
            }

            _marks[slot] = new(++_number, what);
            _view.Write(slot * sizeof(long), Encode(what));
            return new Mark(this, slot, isSuspect);
        }
    }

    public bool IsPoison(Evaluated what) => _deaths.GetValueOrDefault(what) >= MostDeaths;

    public void Forgive(Evaluated what) => _deaths.TryRemove(what, out _);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
        _alone.Dispose();
    }

    // Runs are positive, deliveries negative, nothing is zero.
    private static long Encode(Evaluated what) => what.Kind == EvaluatedKind.Run ? what.Id : -what.Id;

    private static Evaluated? Decode(long written) => written switch
    {
        0 => null,
        > 0 => Evaluated.Run(written),
        _ => Evaluated.Delivery(-written),
    };

    private void Leave(int? slot, bool isSuspect)
    {
        if (slot is { } taken)
        {
            lock (_gate)
            {
                _view.Write(taken * sizeof(long), 0L);
                _marks[taken] = null;
                _free.Push(taken);
            }
        }

        if (isSuspect)
        {
            _alone.Release();
        }
    }

    private sealed class Mark(BlackBox box, int? slot, bool isSuspect) : IDisposable
    {
        private bool _isLeft;

        public void Dispose()
        {
            if (!_isLeft)
            {
                _isLeft = true;
                box.Leave(slot, isSuspect);
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace MisskeyAutomations.Dashboard.Live;

/// <summary>
/// What all who look at the same, in the same way, are shown. Nothing is kept for any of them: whoever was busy is told what changed since they last
/// were told, as it is now, and those who are at the same point get the same bytes.
/// </summary>
internal sealed class Canvas(Look look, Painter painter)
{
    // Points of another canvas mean nothing here.
    private readonly string _mark = RandomNumberGenerator.GetHexString(8, lowercase: true);

    private volatile State _state = new(null, new Dictionary<long, long>(), 0);
    private volatile TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next beat: then something has changed, or it is time for a sign of life.</summary>
    public Task NextBeat => _beat.Task;

    /// <summary>Draws it anew. Whether anything has changed.</summary>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public async Task<bool> DrawAsync()
    {
        var before = _state;
        var picture = await painter.DrawAsync(look, before.Picture);
        var known = before.Picture?.Parts.ToDictionary(part => part.Number, part => part.Html) ?? [];
        var changed = picture.Parts.Where(part => known.GetValueOrDefault(part.Number) != part.Html).Select(part => part.Number).ToHashSet();
        var point = before.Point + (changed.Count > 0 ? 1 : 0);
        _state = new(picture, picture.Parts.ToDictionary(part => part.Number, part => changed.Contains(part.Number) ? point : before.ChangedAt[part.Number]), point);
        return changed.Count > 0;
    }

    /// <summary>Wakes all who wait.</summary>
    public void Beat() => Interlocked.Exchange(ref _beat, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    /// <summary>The point at which somebody was who was cut off: what changed since then is told; 0, for all, where nobody knows.</summary>
    public long PointOf(string? lastEventId) =>
        lastEventId?.Split('.') is [var mark, var point] && mark == _mark && long.TryParse(point, System.Globalization.CultureInfo.InvariantCulture, out var at) ? Math.Clamp(at, 0, _state.Point) : 0;

    /// <summary>The message with what changed since a point, and the point at which its reader is then; null when nothing has.</summary>
    public (long Point, byte[] Message)? Since(long point)
    {
        var state = _state;
        return point >= state.Point ? null : (state.Point, state.Messages.GetOrAdd(point, _ => Write(state, point)));
    }

    private byte[] Write(State state, long since)
    {
        var message = new StringBuilder(FormattableString.Invariant($"event: parts\nid: {_mark}.{state.Point}\n"));
        foreach (var part in state.Picture!.Parts.Where(part => state.ChangedAt[part.Number] > since))
        {
            message.Append("data: ").Append(part.Html.Trim().ReplaceLineEndings("\ndata: ")).Append('\n');
        }

        return Encoding.UTF8.GetBytes(message.Append('\n').ToString());
    }

    private sealed record State(Picture? Picture, IReadOnlyDictionary<long, long> ChangedAt, long Point)
    {
        public ConcurrentDictionary<long, byte[]> Messages { get; } = [];
    }
}

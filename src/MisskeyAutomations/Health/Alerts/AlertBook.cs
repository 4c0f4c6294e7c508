using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Health.Alerts;

/// <summary>
/// Which troubles each target knows of. A trouble is told once when it comes and once when it is over; one that is over before it was told is
/// not told at all, and one that comes back within a minute was never away.
/// </summary>
internal sealed class AlertBook(IReadOnlyList<string> targets, IEnumerable<AlertRow> rows)
{
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Target, string Kind, string Subject), AlertRow> _rows =
        rows.Where(row => targets.Contains(row.Target, StringComparer.Ordinal)).ToDictionary(row => (row.Target, row.Kind, row.Subject));

    /// <summary>Everything, to be kept.</summary>
    public IReadOnlyList<AlertRow> Rows => [.. _rows.Values];

    /// <summary>Takes in what a watch saw. Whether that changed anything.</summary>
    public bool Take(string kind, IReadOnlyList<(string Subject, string Text)> troubles, Predicate<string> isUnknown, DateTimeOffset now)
    {
        var hasChanged = false;
        foreach (var target in targets)
        {
            foreach (var (subject, text) in troubles)
            {
                hasChanged |= Raise((target, kind, subject), text, now);
            }

            var seen = troubles.Select(trouble => trouble.Subject).ToHashSet(StringComparer.Ordinal);
            foreach (var row in _rows.Values.Where(row => row.Target == target && row.Kind == kind && !seen.Contains(row.Subject) && !isUnknown(row.Subject)).ToList())
            {
                hasChanged |= End(row, now);
            }
        }

        return hasChanged;
    }

    /// <summary>What a target is to be told now: what came, and what is over for good.</summary>
    public IReadOnlyList<AlertRow> Pending(string target, DateTimeOffset now) =>
    [
        .. _rows.Values.Where(row => row.Target == target && (row.ToldAt is null || (row.OverAt is { } over && (now - over).Duration() >= Settled)))
            .OrderBy(row => row.OverAt ?? row.Since).ThenBy(row => row.Subject, StringComparer.Ordinal),
    ];

    /// <summary>A target was told.</summary>
    public void Tell(IEnumerable<AlertRow> told, DateTimeOffset now)
    {
        foreach (var row in told)
        {
            var key = (row.Target, row.Kind, row.Subject);
            if (row.OverAt is not null)
            {
                _rows.Remove(key);
            }
            else if (_rows.TryGetValue(key, out var current))
            {
                _rows[key] = current with { ToldAt = now };
            }
        }
    }

    private bool Raise((string Target, string Kind, string Subject) key, string text, DateTimeOffset now)
    {
        if (!_rows.TryGetValue(key, out var row))
        {
            _rows[key] = new AlertRow { Target = key.Target, Kind = key.Kind, Subject = key.Subject, Text = text, Since = now };
            return true;
        }

        if (row.OverAt is null)
        {
            return false;
        }

        _rows[key] = row with { OverAt = null };
        return true;
    }

    private bool End(AlertRow row, DateTimeOffset now)
    {
        if (row.OverAt is not null)
        {
            return false;
        }

        if (row.ToldAt is null)
        {
            _rows.Remove((row.Target, row.Kind, row.Subject));
        }
        else
        {
            _rows[(row.Target, row.Kind, row.Subject)] = row with { OverAt = now };
        }

        return true;
    }
}

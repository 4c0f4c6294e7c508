using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using MisskeyAutomations.Sandbox.Api;

namespace MisskeyAutomations.Bench.Load;

/// <summary>Holds the calls that arrive at the stand-in Misskey against the events that were sent: how long each took, none lost, none twice.</summary>
internal sealed class CallWatch
{
    private readonly ConcurrentDictionary<string, Expected> _expected = new(StringComparer.Ordinal);
    private int _calls;
    private int _twice;

    /// <summary>From sending the event to the arrival of its call.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>Calls that were expected and came.</summary>
    public int Calls => _calls;

    /// <summary>Calls that came again.</summary>
    public int Twice => _twice;

    /// <summary>Accepted events whose call has not come.</summary>
    public int Missing => _expected.Values.Count(entry => entry is { IsAccepted: true, Count: 0 });

    /// <summary>Remembers that an event about this user or note is being sent now.</summary>
    public void Expect(string id) => _expected[id] = new Expected { SentAt = Stopwatch.GetTimestamp() };

    /// <summary>The event was accepted: from now on its call is owed.</summary>
    public void Accepted(string id) => _expected[id].IsAccepted = true;

    /// <summary>Takes a call as the stand-in Misskey saw it.</summary>
    public void Take(ApiCall call)
    {
        var property = call.Endpoint switch
        {
            "following/create" => "userId",
            "notes/create" => "replyId",
            _ => null,
        };
        if (property is null || call.Status is < 200 or >= 300)
        {
            return;
        }

        using var body = JsonDocument.Parse(call.Body);
        if (!body.RootElement.TryGetProperty(property, out var id) || !_expected.TryGetValue(id.GetString()!, out var expected))
        {
            return;
        }

        if (Interlocked.Increment(ref expected.Count) > 1)
        {
            Interlocked.Increment(ref _twice);
            return;
        }

        Interlocked.Increment(ref _calls);
        Latencies.Add(Stopwatch.GetElapsedTime(expected.SentAt));
    }

    private sealed class Expected
    {
        public int Count;

        public required long SentAt { get; init; }

        public bool IsAccepted { get; set; }
    }
}

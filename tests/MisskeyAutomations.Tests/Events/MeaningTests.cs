using System.Text.Json;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Tests.Events;

public sealed class MeaningTests
{
    private static readonly DateTimeOffset ReceivedAt = new(2026, 11, 24, 4, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_recorded_request_means_what_the_table_says()
    {
        var expected = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Events", "meanings.txt"));

        var actual = Payloads.Names.Select(Describe).ToArray();

        Assert.Equal(expected, actual);
    }

    private static string Describe(string name)
    {
        using var body = JsonDocument.Parse(Payloads.Body(name));
        var happening = EventReader.Read(body.RootElement, "main", ReceivedAt);
        var recurs = happening.Subject.Recurs ? " recurs" : "";
        var user = happening.User is null ? "" : " user";
        return $"{name}: {string.Join(' ', happening.Types)} | {happening.Standing}{user}{recurs}";
    }
}

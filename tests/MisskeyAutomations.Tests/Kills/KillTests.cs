using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Tests.Kills;

/// <summary>
/// The engine's process is killed again and again while webhooks pour in and calls fail. <c>MKA_KILLS</c> says how often (20 times at
/// random, in each named place once), <c>MKA_NOTES</c>
/// how many notes are meant, <c>MKA_SEED</c> repeats a run.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int LatestPass = 12;

    private readonly int? _kills = Numbers.Of("MKA_KILLS");
    private readonly int _seed = Numbers.Of("MKA_SEED") ?? Random.Shared.Next();

    [Fact]
    public async Task No_acknowledged_event_is_lost_and_no_note_is_written_twice_whenever_the_process_is_killed()
    {
        output.WriteLine($"MKA_KILLS={_kills} MKA_SEED={_seed}");
        var random = new Random(_seed);
        await using var house = await KillHouse.OpenAsync(_seed, KillLoad.Endless);
        for (var kill = 0; kill < (_kills ?? 20); kill++)
        {
            await house.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(20, 700)));
        }

        output.WriteLine(await house.EndAsync());
    }

    [Fact]
    public async Task Nor_wherever_it_dies()
    {
        output.WriteLine($"MKA_KILLS={_kills} MKA_SEED={_seed}");
        var random = new Random(_seed);
        await using var house = await KillHouse.OpenAsync(_seed, KillLoad.Endless);
        for (var round = 0; round < (_kills ?? 1); round++)
        {
            foreach (var point in KillPoint.Names)
            {
                await house.DieAtAsync(point, random.Next(1, LatestPass));
            }
        }

        output.WriteLine(await house.EndAsync());
    }

    [Fact]
    public async Task There_are_as_many_notes_as_were_meant_though_every_fifth_answer_tells_nothing_or_gets_lost()
    {
        var notes = Numbers.Of("MKA_NOTES") ?? 300;
        output.WriteLine($"MKA_NOTES={notes} MKA_KILLS={_kills} MKA_SEED={_seed}");
        var random = new Random(_seed);
        await using var house = await KillHouse.OpenAsync(_seed, new KillLoad(0.01, notes) { ChaosShare = 0.2 });
        for (var kill = 0; kill < (_kills ?? 2); kill++)
        {
            await house.KillAfterAsync(TimeSpan.FromMilliseconds(random.Next(20, 700)));
        }

        output.WriteLine(await house.EndAsync());
        output.WriteLine(string.Join(", ", house.Calls.Select(call => $"{call.Count} {call.Endpoint}")));
        output.WriteLine($"{house.Chaos.Wrong} of {house.Chaos.All} calls to make a note went wrong on their way");
        Assert.Equal(notes, house.Notes);
    }
}

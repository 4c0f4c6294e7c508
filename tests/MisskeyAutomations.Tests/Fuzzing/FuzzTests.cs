using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Fuzzing;

/// <summary>
/// Inputs made from the corpora by a seed, to every reader of what others write. <c>MKA_FUZZ</c> says for how many seconds each is tried,
/// <c>MKA_SEED</c> with which inputs; a failure names both and shows the input.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    // A busy machine tries as many as an idle one.
    private const int FewestInputs = 1_500;

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public async Task Whatever_is_read_is_taken_or_refused(string name)
    {
        var (seconds, seed) = (Numbers.Of("MKA_FUZZ") ?? 2, Numbers.Of("MKA_SEED") ?? 1);
        var target = FuzzTarget.All.Single(target => target.Name == name);
        var seeds = target.Seeds().ToList();
        var (tried, input, slowest) = (0, (byte[])[], TimeSpan.Zero);
        var trying = Task.Run(() =>
        {
            var mutator = new Mutator(seeds, seed);
            var begin = TimeProvider.System.GetTimestamp();
            for (; tried < FewestInputs || TimeProvider.System.GetElapsedTime(begin) < TimeSpan.FromSeconds(seconds); tried++)
            {
                input = tried < seeds.Count && tried % 2 == 0 ? seeds[tried] : mutator.Next();
                var one = TimeProvider.System.GetTimestamp();
                target.Read(input);
                slowest = TimeProvider.System.GetElapsedTime(one) is var took && took > slowest ? took : slowest;
            }
        }, TestContext.Current.CancellationToken);

        // One that never ends is a fault, too.
        var ended = await Task.WhenAny(trying, Task.Delay(TimeSpan.FromSeconds(seconds) + Eventually.Patience, TimeProvider.System, TestContext.Current.CancellationToken)) == trying;
        output.WriteLine($"{name}: MKA_SEED={seed} MKA_FUZZ={seconds}: {seeds.Count} seeds, {tried} inputs, the slowest took {slowest.TotalMilliseconds:0} ms");
        Assert.True(ended, $"MKA_SEED={seed}, input {tried} does not end: {Convert.ToBase64String(input)}");
        if (trying.Exception?.InnerException is { } fault)
        {
            throw new InvalidOperationException($"MKA_SEED={seed}, input {tried}: {Convert.ToBase64String(input)}\n{System.Text.Encoding.UTF8.GetString(input)}", fault);
        }
    }
}

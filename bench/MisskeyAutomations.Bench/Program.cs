using MisskeyAutomations.Bench.Load;
using MisskeyAutomations.Bench.Micro;

return args switch
{
    ["load", "door", .. var options] => await DoorLoad.RunAsync(LoadOptions.Parse(options)),
    ["drive", var port, var c, var sec] => await Drive(port, c, sec),
    ["serve", var role, .. var options] => await Servers.RunAsync(role, options),
    ["micro", .. var options] => MicroBenchmarks.Run(options),
    _ => Usage(),
};

static async Task<int> Drive(string port, string c, string sec)
{
    var r = await ClosedLoop.RunAsync(Convert.ToInt32(port, System.Globalization.CultureInfo.InvariantCulture), Convert.ToInt32(c, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromSeconds(Convert.ToInt32(sec, System.Globalization.CultureInfo.InvariantCulture)));
    Console.WriteLine(FormattableString.Invariant($"{r.PerSecond:0}/s p50 {r.Latencies.Percentile(.5)} p99 {r.Latencies.Percentile(.99)}"));
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("""
        usage:
          load door [--connections 32] [--seconds 5] [--rounds 5]   the webhook door beside a bare endpoint, in interleaved rounds
          micro [BenchmarkDotNet options]                           the scan of a request's body
        """);
    return 64;
}

using MisskeyAutomations.Bench.Load;
using MisskeyAutomations.Bench.Micro;

return args switch
{
    ["load", "door", .. var options] => await DoorLoad.RunAsync(LoadOptions.Parse(options)),
    ["load", "e2e", .. var options] => await EndToEndLoad.RunAsync(EndToEndOptions.Parse(options)),
    ["load", "runs", .. var options] => await RunsLoad.RunAsync(LoadOptions.Parse(options)),
    ["load", "rules"] => await RulesLoad.RunAsync(),
    ["load", "tests"] => await TestsLoad.RunAsync(),
    ["load", "replay"] => await ReplayLoad.RunAsync(),
    ["load", "catch-up"] => await CatchUpLoad.RunAsync(),
    ["load", "streams"] => await StreamsLoad.RunAsync(),
    ["serve", var role, .. var options] => await Servers.RunAsync(role, options),
    ["micro", .. var options] => MicroBenchmarks.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage:
          load door [--connections 32] [--seconds 5] [--rounds 5]   the webhook door beside a bare endpoint, in interleaved rounds
          load e2e [--mix notes|mixed|followed] [--rate 0] [--connections 32] [--seconds 5] [--rounds 5]
                                                                    the whole engine with a stand-in Misskey beside a bare endpoint
          load runs [--connections 64] [--seconds 5] [--rounds 5]   runs through the store: made, intended, ended, each of them on disk
          load rules                                                validate and reload of many files, an event against many rules
          load tests                                                500 tests in rule files
          load replay                                               100,000 recorded events under edited rules
          load catch-up                                             500 events during two hours without webhooks
          load streams                                              the memory of thirty accounts that are streamed, beside the same with webhooks
          micro [BenchmarkDotNet options]                           door, condition, template and match, piece by piece
        """);
    return 64;
}

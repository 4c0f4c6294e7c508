using MisskeyAutomations.Bench.Load;
using MisskeyAutomations.Bench.Micro;

return args switch
{
    ["load", "door", .. var options] => await DoorLoad.RunAsync(LoadOptions.Parse(options)),
    ["load", "flood", .. var options] => await FloodLoad.RunAsync(LoadOptions.Parse(options)),
    ["load", "e2e", .. var options] => await EndToEndLoad.RunAsync(EndToEndOptions.Parse(options)),
    ["load", "runs", .. var options] => await RunsLoad.RunAsync(LoadOptions.Parse(options)),
    ["load", "telemetry", .. var options] => await TelemetryLoad.RunAsync(LoadOptions.Parse(options)),
    ["load", "rules"] => await RulesLoad.RunAsync(),
    ["load", "tests"] => await TestsLoad.RunAsync(),
    ["load", "replay"] => await ReplayLoad.RunAsync(),
    ["load", "catch-up"] => await CatchUpLoad.RunAsync(),
    ["load", "years", .. var options] => await YearsLoad.RunAsync(LoadOptions.Parse(options)),
    ["load", "feeds", .. var options] => await FeedsLoad.RunAsync(LoadOptions.Parse(options)),
    ["load", "sign-in"] => await SignInLoad.RunAsync(),
    ["load", "pages"] => await PagesLoad.RunAsync(),
    ["load", "soak", .. var options] => await SoakLoad.RunAsync(options),
    ["load", "streams"] => await StreamsLoad.RunAsync(),
    ["load", "connect"] => await ConnectLoad.RunAsync(),
    ["serve", var role, .. var options] => await Servers.RunAsync(role, options),
    ["micro", .. var options] => MicroBenchmarks.Run(options),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage:
          load door [--connections 32] [--seconds 5] [--rounds 5] [--store CONNECTION]
                                                                    the webhook door beside a bare endpoint, in interleaved rounds
          load flood [--connections 32] [--seconds 5]               10,000 webhooks a second: accepted, put off, lost, memory
          load e2e [--mix notes|mixed|followed] [--rate 0] [--connections 32] [--seconds 5] [--rounds 5] [--store CONNECTION]
                                                                    the whole engine with a stand-in Misskey beside a bare endpoint
          With --store the same is done on a PostgreSQL database, in rounds that alternate with those on SQLite.
          load runs [--connections 64] [--seconds 5] [--rounds 5]   runs through the store: made, intended, ended, each of them on disk
          load telemetry [--connections 32] [--seconds 5] [--rounds 5]
                                                                    the door with and without metrics and traces
          load rules                                                validate and reload of many files, an event against many rules
          load tests                                                500 tests in rule files
          load replay                                               100,000 recorded events under edited rules
          load catch-up                                             500 events during two hours without webhooks
          load years [--connections 8] [--seconds 5] [--rounds 5]   a million stored events, and as many waiting runs, beside an empty store
          load pages                                                lists, searches, charts and every page with a million stored events, inside and over HTTP
          load feeds [--connections 32] [--seconds 5] [--rounds 5]  500 pages that update by themselves beside none: processor time for each webhook, memory
          load sign-in                                              the time of an answer to the right passphrase beside that to others
          load soak [--minutes 30] [--rate 50]                      a steady rate for long: memory, nothing lost, nothing twice
          load streams                                              the memory of thirty accounts that are streamed, beside the same with webhooks
          load connect                                              from nothing to the first answered mention, by one command
          micro [BenchmarkDotNet options]                           door, condition, template and match, piece by piece
        """);
    return 64;
}

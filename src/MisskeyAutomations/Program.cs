return await MisskeyAutomations.Cli.CommandLine.RunAsync(args);

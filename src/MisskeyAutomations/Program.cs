MisskeyAutomations.Storage.NativeMemory.ShareArenas();
return await MisskeyAutomations.Cli.CommandLine.RunAsync(args);

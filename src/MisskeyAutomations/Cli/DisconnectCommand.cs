using System.CommandLine;

namespace MisskeyAutomations.Cli;

/// <summary><c>disconnect NAME</c>: deletes a connected account's webhook at Misskey, and forgets the account.</summary>
internal static class DisconnectCommand
{
    public static Command Describe()
    {
        var command = new Command("disconnect", "Delete a connected account's webhook, and forget its token");
        AccountsCommand.AddDeed(command, AccountDeed.Disconnect);
        return command;
    }
}

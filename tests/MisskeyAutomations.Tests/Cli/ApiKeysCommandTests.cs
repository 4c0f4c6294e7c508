using System.Net;
using MisskeyAutomations.Tests.Api;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>Keys of the API by commands, while an engine runs and while none does.</summary>
public sealed class ApiKeysCommandTests
{
    [Fact]
    public async Task A_key_that_is_made_while_the_engine_runs_is_taken_at_once_and_so_is_its_end()
    {
        await using var api = await ApiHouse.OpenAsync("rules: []");
        var made = await AskAsync(api.House.Data, "add", "ci");
        var key = made.Output.Trim();

        Assert.Equal((0, true), (made.ExitCode, made.Error.StartsWith("It is shown this once", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, (await api.SendAsync(HttpMethod.Get, "/api/v1/rules", null, key)).Status);
        Assert.Matches("^ci  may look and give orders  since .*\ntest  may look and give orders  since .*\n$", (await AskAsync(api.House.Data, "list")).Output);

        Assert.Equal((0, "The key ci is not taken any more.\n", ""), await AskAsync(api.House.Data, "remove", "ci"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.SendAsync(HttpMethod.Get, "/api/v1/rules", null, key)).Status);
    }

    [Fact]
    public async Task Keys_are_made_and_removed_while_no_engine_runs()
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = await AskAsync(folder.Path, "add", "looker", "--read-only");

        Assert.Equal(0, code);
        Assert.StartsWith("mka_", output, StringComparison.Ordinal);
        Assert.Matches("^looker  may look  since .*\n$", (await AskAsync(folder.Path, "list")).Output);
        Assert.Equal(
            (64, "", "misskey-automations: There is a key 'looker' already, or there are a thousand. `api-keys remove looker` forgets it; `api-keys list` names them.\n"),
            await AskAsync(folder.Path, "add", "looker"));
        Assert.Equal(0, (await AskAsync(folder.Path, "remove", "looker")).ExitCode);
        Assert.Equal((64, "", "misskey-automations: There is no key 'looker'. `api-keys list` names them.\n"), await AskAsync(folder.Path, "remove", "looker"));
        Assert.Equal((0, "There are none. `api-keys add NAME` makes one.\n", ""), await AskAsync(folder.Path, "list"));
        Assert.Equal(64, (await AskAsync(folder.Path, "add", "a/b")).ExitCode);
    }

    private static Task<(int ExitCode, string Output, string Error)> AskAsync(string data, params IEnumerable<string> arguments) =>
        ProgramRun.ToEndAsync(data, null, [.. arguments.Prepend("api-keys"), "--data", data]);
}

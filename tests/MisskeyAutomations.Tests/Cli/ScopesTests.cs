using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>What the rules need and what the token may do, asked of a server without doing anything there.</summary>
public sealed class ScopesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ScopesTests() => _folder.Write("rules/a.yaml", """
        rules:
          - name: answer
            on: mention
            do:
              - reply: hi
              - react: star
          - name: follow-back
            on: followed
            do: [ { follow: user } ]
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_an_account_it_lists_what_a_token_needs_and_what_for()
    {
        var (exitCode, output, error) = await ProgramRun.ToEndAsync(_folder.Path, null, "scopes");

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Equal("""
            The token of the account needs 7 permissions:
              - read:account  View your account information
                  for the engine itself
              - read:blocks  View your list of blocked users
                  for the engine itself
              - read:mutes  View your list of muted users
                  for the engine itself
              - read:notifications  View your notifications
                  for the engine itself
              - write:following  Follow or unfollow other accounts
                  for follow-back
              - write:notes  Compose or delete notes
                  for answer
              - write:reactions  Edit your reactions
                  for answer

            No account is set up, so no token was asked.

            """, output);
    }

    [Fact]
    public async Task A_token_that_lacks_something_is_found_out_and_nothing_is_done_meanwhile()
    {
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        var alice = misskey.World.AddAccount("alice");
        var token = misskey.World.IssueToken(alice, ["read:account", "read:blocks", "read:mutes", "read:notifications", "write:notes", "write:following"]);

        var (exitCode, output, _) = await ProgramRun.ToEndAsync(_folder.Path, Account(misskey, token), "scopes", "--lang", "ja");

        Assert.Equal(1, exitCode);
        Assert.Contains("  ✗ write:reactions  リアクションを操作する", output, StringComparison.Ordinal);
        Assert.Contains("  ✓ write:notes  ノートを作成・削除する", output, StringComparison.Ordinal);
        Assert.Contains("main のトークンには write:reactions がありません。", output, StringComparison.Ordinal);
        Assert.Empty(misskey.World.NotesOf(alice));
        Assert.Contains(misskey.World.Calls, call => call.ErrorCode == "INVALID_PARAM");
    }

    [Fact]
    public async Task A_whole_token_passes_and_one_that_nobody_knows_is_told()
    {
        await using var misskey = await SandboxServer.StartAsync(new SandboxOptions(), TestContext.Current.CancellationToken);
        var alice = misskey.World.AddAccount("alice");
        var token = misskey.World.IssueToken(
            alice, ["read:account", "read:blocks", "read:mutes", "read:notifications", "write:notes", "write:following", "write:reactions"]);

        var whole = await ProgramRun.ToEndAsync(_folder.Path, Account(misskey, token), "scopes");
        var unknown = await ProgramRun.ToEndAsync(_folder.Path, Account(misskey, new string('x', 32)), "scopes");

        Assert.Equal(0, whole.ExitCode);
        Assert.EndsWith("The token of main has them all.\n", whole.Output, StringComparison.Ordinal);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains("Not found out whether it has read:account, read:blocks,", unknown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Questions_about_permissions_leave_everything_as_it_is()
    {
        foreach (var permission in EndpointTable.Names.Select(EndpointTable.PermissionOf).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            foreach (var (endpoint, body) in TokenProbe.QuestionsFor(permission))
            {
                var shape = EndpointTable.Find(endpoint)!;
                var isIncomplete = shape.Parameters.Any(parameter => parameter.Required);
                Assert.True(isIncomplete || permission.StartsWith("read:", StringComparison.Ordinal), endpoint);
                Assert.True(isIncomplete || shape.Parameters.All(parameter => parameter.Name != "markAsRead") || body.Contains("\"markAsRead\":false", StringComparison.Ordinal), endpoint);
            }
        }

        Assert.DoesNotContain(TokenProbe.QuestionsFor("write:notes"), question => question.Endpoint == "notes/create");
    }

    private static Dictionary<string, string> Account(SandboxServer misskey, string token) => new()
    {
        ["MISSKEY_SERVER"] = misskey.Url.ToString(),
        ["MISSKEY_TOKEN"] = token,
        ["MISSKEY_HOOK_SECRET"] = "0123456789abcdef0123",
    };
}

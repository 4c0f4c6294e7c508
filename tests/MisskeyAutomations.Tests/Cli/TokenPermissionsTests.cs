using MisskeyAutomations.Connecting;
using MisskeyAutomations.Tests.Docs;

namespace MisskeyAutomations.Tests.Cli;

public sealed class TokenPermissionsTests
{
    // What the engine asks of its own accord.
    private const string Own = "read:account read:blocks read:mutes read:notifications";

    [Theory]
    [InlineData("", "log: hi", "")]
    [InlineData("", "reply: hi", "write:notes")]
    [InlineData("", "mute: user", "write:mutes")]
    [InlineData("", "notify: hi", "write:notifications")]
    [InlineData("", "{ report: user, comment: x }", "write:report-abuse")]
    [InlineData("", "{ clip: note, to: a }", "write:account")]
    [InlineData("", "favorite: note", "write:favorites")]
    [InlineData("", "{ api: i/favorites, as: mine }", "read:favorites")]
    [InlineData("", "{ api: notes/show, with: { noteId: a1 } }", "")]
    [InlineData("", "{ if: user.isFollowing, then: [ { block: user } ], else: [ { react: star } ] }", "write:blocks write:reactions")]
    [InlineData("", "{ log: '${user.followersCount}' }", "")]
    [InlineData("enabled: dry-run", "mute: user", "write:mutes")]
    [InlineData("enabled: false", "mute: user", "")]
    [InlineData("else: [ { unfollow: user } ]", "mute: user", "write:following write:mutes")]
    public void A_token_needs_what_the_rules_do_and_no_more(string key, string step, string expected)
    {
        var rules = RuleFileReading.Read("a.yaml", $"""
            rules:
              - name: a
                on: mention
                when: note.text != 'x'
                {key}
                do:
                  - {step}
            """).RuleSet!;

        var permissions = $"{Own} {expected}".Split(' ', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(permissions.Order(StringComparer.Ordinal), TokenPermissions.PermissionsOf(rules).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_account_that_does_not_catch_up_need_not_read_notifications()
    {
        var rules = RuleFileReading.Read("a.yaml", "rules: [ { name: a, on: mention, do: [ { log: hi } ] } ]").RuleSet!;

        Assert.DoesNotContain("read:notifications", TokenPermissions.PermissionsOf(rules, "main", catchesUp: false));
    }

    [Fact]
    public void Look_ups_of_expressions_and_steps_count_wherever_they_stand()
    {
        var rules = RuleFileReading.Read("a.yaml", """
            rules:
              - name: relation
                on: followed
                when: user.isFollowing
                do: [ { log: hi } ]
              - name: list
                on: followed
                account: side
                do: [ { add-to-list: user, to: friends } ]
              - name: shown
                on: followed
                limit: 1 per (user.description) per day
                do: [ { log: hi } ]
            """).RuleSet!;

        Assert.Equal(["users/relation"], rules.Find("relation")!.Endpoints.Order(StringComparer.Ordinal));
        Assert.Equal(["users/lists/list", "users/lists/push", "users/show"], rules.Find("list")!.Endpoints.Order(StringComparer.Ordinal));
        Assert.Equal(["users/show"], rules.Find("shown")!.Endpoints.Order(StringComparer.Ordinal));
        Assert.Contains("write:account", TokenPermissions.PermissionsOf(rules));
        Assert.Contains("write:account", TokenPermissions.PermissionsOf(rules, "side"));
        Assert.DoesNotContain("write:account", TokenPermissions.PermissionsOf(rules, "main"));
    }
}

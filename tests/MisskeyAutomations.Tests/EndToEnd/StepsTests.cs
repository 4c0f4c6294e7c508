using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Tests.Docs;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>What steps ask for is done at Misskey, with a token that may do just that.</summary>
public sealed class StepsTests
{
    private const string Rules = """
        rules:
          - name: keep
            on: mention
            when: contains(note.text, 'keep')
            do:
              - favorite: note
              - clip: note
                to: good ones
              - add-to-list: user
                to: friends
              - notify: Kept
                header: From the rules
          - name: spam
            on: mention
            when: contains(note.text, 'spam')
            do:
              - mute: user
                expires: 7d
              - renote-mute: user
              - report: user
                comment: spam
              - block: user
              - mute: user
          - name: brief
            on: mention
            when: contains(note.text, 'brief')
            do:
              - note: for a moment
                as: mine
              - pin: mine
              - unpin: mine
              - delete: mine
              - delete: note
        """;

    [Fact]
    public async Task Steps_are_done_with_exactly_the_permissions_that_the_rules_need()
    {
        await using var house = await House.OpenAsync(Rules, start: false);
        house.Token = house.World.IssueToken(house.Owner, TokenPermissions.PermissionsOf(RuleFileReading.Read("a.yaml", Rules).RuleSet!));
        await house.StartAsync();
        house.AddWebhook();
        var (bob, carol, dan) = (house.World.AddAccount("bob"), house.World.AddAccount("carol"), house.World.AddAccount("dan"));
        var clip = house.World.AddClip(house.Owner, "good ones");
        var list = house.World.AddList(house.Owner, "friends");
        house.World.Follow(carol, house.Owner);

        var kept = house.World.Post(bob, "@alice keep this");
        house.World.Post(carol, "@alice spam");
        house.World.Post(dan, "@alice brief");
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Count(run => run.State == RunState.Succeeded) == 3, "all three runs have succeeded");

        Assert.True(house.World.HasFavourited(house.Owner, kept));
        Assert.Equal([kept], house.World.NotesIn(clip));
        Assert.Equal([bob], house.World.MembersOf(list));
        Assert.Equal(("Kept", "From the rules"), house.World.NotificationsOf(house.Owner).Where(one => one.Type == "app").Select(one => (one.Body, one.Header)).Single());
        Assert.True(house.World.IsMuting(house.Owner, carol));
        Assert.True(house.World.IsBlocking(house.Owner, carol));
        Assert.False(house.World.IsFollowing(carol, house.Owner));
        Assert.Equal((carol, "spam"), house.World.Reports.Select(report => (report.Target, report.Comment)).Single());
        Assert.Equal("BLOCKED", Assert.Throws<SandboxRefusedException>(() => house.World.Follow(carol, house.Owner)).Refusal.Code);
        Assert.Empty(house.World.NotesOf(house.Owner));
        Assert.DoesNotContain(house.World.Calls, call => call.ErrorCode is "PERMISSION_DENIED");
        Assert.Contains(house.Ledger.Steps(), step => step.Reason == "it was so already");
        Assert.Contains(house.Ledger.Steps(), step => step.Reason == "The note is not the account's own, so 'delete' leaves it alone.");
    }

    [Fact]
    public async Task The_engine_asks_of_its_own_accord_only_what_it_says()
    {
        await using var house = await House.OpenAsync("rules: []");
        await Eventually.HoldsAsync(() => house.Calls("blocking/list").Count > 0 && house.Calls("meta").Count > 0, "it has looked around");

        Assert.Empty(house.World.Calls.Select(call => call.Endpoint).Except(OwnCalls.Endpoints));
    }

    [Fact]
    public async Task Over_the_budget_a_mute_waits()
    {
        await using var house = await House.OpenAsync("""
            defaults: { budget: { mutes: 1 per 1h } }
            rules:
              - name: mute
                on: mention
                do:
                  - mute: user
              - name: raw
                on: followed
                do:
                  - api: renote-mute/create
                    with: { userId: "${user.id}" }
            """);
        house.World.Post(house.World.AddAccount("bob"), "@alice hi");
        await Eventually.HoldsAsync(() => house.Calls("mute/create").Count == 1, "the first is muted");

        house.World.Follow(house.World.AddAccount("carol"), house.Owner);
        await Eventually.HoldsAsync(() => house.Ledger.Runs().Any(run => run.WaitsFor == WaitReason.Budget), "the second waits for the budget");

        Assert.Empty(house.Calls("renote-mute/create"));
    }

    [Theory]
    [InlineData("clips/show", """{"clipId":"zzzzzzzzzz"}""", "NO_SUCH_CLIP")]
    [InlineData("clips/notes", """{"clipId":"zzzzzzzzzz"}""", "NO_SUCH_CLIP")]
    [InlineData("users/lists/show", """{"listId":"zzzzzzzzzz"}""", "NO_SUCH_LIST")]
    public async Task The_sandbox_knows_no_others_lists_and_clips(string endpoint, string body, string code)
    {
        await using var stage = await Sandbox.Stage.SetAsync();

        var answer = await stage.CallAsync(stage.Alice, endpoint, body);

        Assert.Equal((400, code), (answer.Status, answer.Code));
    }
}

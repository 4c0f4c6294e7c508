namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Rules that name the account they are for.</summary>
public sealed class AccountNamesTests
{
    private const string Pong = """
        rules:
          - name: pong
            account: main
            on: mention
            do:
              - reply: PONG!
        """;

    [Fact]
    public async Task A_rule_for_an_account_that_is_not_configured_is_told_of_at_the_start_and_after_a_reload()
    {
        await using var house = await House.OpenAsync(Pong.Replace("main", "mian", StringComparison.Ordinal));

        var atStart = house.Log.Lines.Count(IsWarning);
        house.WriteRules(Pong.Replace("main", "mein", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("'mein'", StringComparison.Ordinal)), "the new name is told of");
        house.WriteRules(Pong);
        await Eventually.HoldsAsync(() => house.Log.Lines.Count(line => line.Contains("were reloaded", StringComparison.Ordinal)) == 2, "it is reloaded twice");

        Assert.Equal(1, atStart);
        Assert.Equal(2, house.Log.Lines.Count(IsWarning));
    }

    private static bool IsWarning(string line) => line.Contains("not configured", StringComparison.Ordinal);
}

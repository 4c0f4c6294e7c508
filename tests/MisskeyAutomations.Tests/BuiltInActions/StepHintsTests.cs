using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Tests.Docs;

namespace MisskeyAutomations.Tests.BuiltInActions;

/// <summary>What authors are told who know a step by another name, or write it with an input method.</summary>
public sealed class StepHintsTests
{
    [Theory]
    [InlineData("post", "'note'")]
    [InlineData("tweet", "'note'")]
    [InlineData("boost", "'renote'")]
    [InlineData("reblog", "'renote'")]
    [InlineData("like", "'react' or 'favorite'")]
    [InlineData("favourite", "'favorite'")]
    [InlineData("ban", "'block'")]
    [InlineData("remove", "'delete'")]
    [InlineData("sleep", "'wait'")]
    [InlineData("webhook", "'http'")]
    public void A_step_by_another_name_is_led_to_ours(string word, string meant)
    {
        var finding = Assert.Single(RuleFileReading.Findings("MKA1301", Rule($"      - {word}: x")));

        Assert.Equal("MKA1301", finding.Code);
        Assert.Equal($"here it is called {meant}", finding.Hint?.ToString());
    }

    [Fact]
    public void A_full_width_colon_is_seen_after_every_step_and_option()
    {
        var steps = ActionTable.Descriptors.Select(step => $"      - {step.Name}：x");
        var options = ActionTable.Descriptors.SelectMany(step => step.Options).Select(option => option.Name).Distinct(StringComparer.Ordinal)
            .Select(option => $"      - log: x\n        {option}：x");

        Assert.All(steps.Concat(options), lines => Assert.Equal("MKA1017", Assert.Single(RuleFileReading.Findings("MKA1017", Rule(lines))).Code));
    }

    private static string Rule(string steps) => $"rules:\n  - name: a\n    on: mention\n    do:\n{steps}\n";
}

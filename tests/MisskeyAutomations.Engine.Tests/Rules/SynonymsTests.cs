using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Tests.Rules;

public sealed class SynonymsTests
{
    [Fact]
    public void Every_synonym_leads_to_a_word_that_is_read()
    {
        AssertKnown(Synonyms.FileKeys, Language.FileKeys);
        AssertKnown(Synonyms.RuleKeys, Language.RuleKeys);
        AssertKnown(Synonyms.Visibilities, Language.Visibilities);
        AssertKnown(Synonyms.Triggers, EventTypes.All.Select(type => type.Name));
        Assert.All(Language.FlowSteps, step => Assert.Matches($"^{FullWidthMark.Known}$", step));
    }

    [Fact]
    public void No_word_that_is_read_is_a_synonym_of_another()
    {
        AssertUnread(Synonyms.FileKeys, Language.FileKeys);
        AssertUnread(Synonyms.RuleKeys, Language.RuleKeys);
        AssertUnread(Synonyms.Visibilities, Language.Visibilities);
        AssertUnread(Synonyms.Triggers, EventTypes.All.Select(type => type.Name));
    }

    [Theory]
    [InlineData("rate-limit", "limit")]
    [InlineData("Rate_Limit", "limit")]
    [InlineData("triggers", "on")]
    [InlineData("then", "do")]
    public void Case_hyphens_and_underscores_make_no_difference(string word, string meant) =>
        Assert.Equal([meant], Synonyms.Of(word, Synonyms.RuleKeys, Language.RuleKeys));

    [Fact]
    public void A_synonym_of_a_word_that_this_place_does_not_take_is_none() =>
        Assert.Equal(["with"], Synonyms.Of("data", Synonyms.Options, ["with", "as"]));

    [Fact]
    public void Full_width_marks_are_found_after_every_key() =>
        Assert.All(
            Language.FileKeys.Concat(Language.RuleKeys).Concat(Language.ConditionKeys).Concat(Language.LimitKeys).Concat(Language.CommonOptions),
            key => Assert.True(Regex.IsMatch(key, $"^{FullWidthMark.Known}$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)), key));

    private static void AssertKnown(IReadOnlyDictionary<string, string[]> table, IEnumerable<string> known) =>
        Assert.Empty(table.Values.SelectMany(meant => meant).Except(known, StringComparer.Ordinal));

    private static void AssertUnread(IReadOnlyDictionary<string, string[]> table, IEnumerable<string> known) =>
        Assert.Empty(table.Keys.Intersect(known.Select(word => word.ToLowerInvariant()), StringComparer.Ordinal));
}

using System.Diagnostics;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>A waiting run finishes on the text its rule had: that text must read to the same rule for ever.</summary>
public sealed class ResolvedTextTests
{
    [Fact]
    public void The_resolved_text_is_a_rule_file_with_the_lists_and_defaults_that_the_rule_uses()
    {
        var set = Read("""
            defaults: { timezone: Asia/Tokyo, visibility: home, budget: { notes: 1 per 1h } }
            lists: { friends: [ai, "it's"], others: [x], file: { file: words.txt } }
            rules:
              - { name: a, on: [mention], when: "user.username in lists.friends", do: [ { reply: "two\nlines", visibility: home } ] } # comment
            """);

        Assert.Equal(
            """
            rules:
              - name: a
                on:
                  - mention
                when: user.username in lists.friends
                do:
                  - reply: |-
                      two
                      lines
                    visibility: home
            lists:
              friends:
                - 'ai'
                - 'it''s'
            defaults:
              timezone: 'Asia/Tokyo'
              visibility: home

            """,
            set.Rules[0].ResolvedText);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_resolved_text_reads_to_the_same_rule(int file)
    {
        var set = Read(ValidFiles.All[file]);

        Assert.All(set.Rules, rule => IsFixed(rule, set));
    }

    [Fact]
    public void The_hash_is_that_of_the_meaning_not_of_the_writing()
    {
        var plain = Read("rules:\n- name: a # note\n  on: mention\n  do:\n    - reply: 'hi there'\n").Rules[0];
        var flow = Read("rules: [{name: \"a\", on: mention, do: [{reply: \"hi there\"}]}]").Rules[0];
        var other = Read("rules: [{name: a, on: mention, do: [{reply: hi  there}]}]").Rules[0];

        Assert.Equal(plain.Hash, flow.Hash);
        Assert.NotEqual(plain.Hash, other.Hash, StringComparer.Ordinal);
        Assert.Matches("^[0-9a-f]{64}$", plain.Hash);
    }

    [Fact]
    public void A_list_that_changes_makes_a_new_version_of_the_rules_that_use_it_and_of_no_other()
    {
        const string Rules = "\nrules:\n- { name: a, on: mention, do: [{ log: '${user.id in lists.x}' }] }\n- { name: b, on: mention, do: stop }";

        var before = Read("lists: { x: [1] }" + Rules);
        var after = Read("lists: { x: [1, 2] }" + Rules);

        Assert.NotEqual(before.Rules[0].Hash, after.Rules[0].Hash, StringComparer.Ordinal);
        Assert.Equal(before.Rules[1].Hash, after.Rules[1].Hash);
    }

    public static TheoryData<int> Files => [.. Enumerable.Range(0, ValidFiles.All.Count)];

    internal static void IsFixed(Rule rule, RuleSet set)
    {
        var again = RuleReader.Read([new SourceText("resolved", rule.ResolvedText)], SomeActions.All);

        // What no catalogue has, and what is odd in a text, is warned of in both.
        DiagnosticDescriptor[] odd =
            [RuleDiagnostics.UnknownEndpoint, .. EndpointDiagnostics.All, ExpressionDiagnostics.ForeignHole, ExpressionDiagnostics.ObjectInText, RuleDiagnostics.OptionInText];
        Assert.Equal("", DiagnosticText.Render([.. again.Diagnostics.Where(finding => !odd.Contains(finding.Descriptor))]));
        var read = Assert.Single(again.RuleSet!.Rules);
        Assert.Equal(rule.ResolvedText, read.ResolvedText);
        Assert.Equal(rule.Hash, read.Hash);
        Assert.Equal(Described(rule), Described(read));
        Assert.Equal(set.Defaults.TimeZone.Id, again.RuleSet.Defaults.TimeZone.Id);
        Assert.Equal(set.Defaults.Visibility, again.RuleSet.Defaults.Visibility);
        Assert.All(again.RuleSet.Lists, list => Assert.Equal(set.Lists[list.Key], list.Value));
    }

    private static string Described(Rule rule) => string.Join('\n',
    [
        rule.Name, rule.Description, string.Join(',', rule.Accounts), rule.Mode.ToString(), string.Join(',', rule.Triggers), rule.Include.ToString(),
        rule.When is null ? "always" : Described(rule.When), .. rule.Limits.Select(limit => $"{limit.Max} {limit.Per} {limit.Key} {limit.Period}"),
        rule.After?.ToString(), rule.Late.ToString(), .. rule.Do.Select(Described), "else", .. rule.Else.Select(Described),
    ]);

    internal static string Described(Condition condition) => condition switch
    {
        Condition.Holds holds => holds.Expression.ToString(),
        Condition.All all => $"all({string.Join(", ", all.Conditions.Select(Described))})",
        Condition.Any any => $"any({string.Join(", ", any.Conditions.Select(Described))})",
        Condition.None none => $"none({string.Join(", ", none.Conditions.Select(Described))})",
        _ => throw new UnreachableException(),
    };

    private static string Described(StepNode step) => step.Path + " " + step switch
    {
        StepNode.Call call => $"{call.Action.Name} as {call.As} {call.ContinueOnError} {call.AllowPrivate} "
            + string.Join("; ", call.Arguments.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={Described(pair.Value)}")),
        StepNode.If fork => $"if {Described(fork.Condition)} ({string.Join(", ", fork.Then.Select(Described))}) ({string.Join(", ", fork.Else.Select(Described))})",
        StepNode.Wait wait => $"wait {wait.Duration} {wait.Expression}",
        StepNode.Stop => "stop",
        _ => throw new UnreachableException(),
    };

    private static string Described(Argument argument) => argument switch
    {
        Argument.Expression expression => expression.Compiled.ToString(),
        Argument.Text text => $"'{text.Template}'",
        Argument.Constant constant => $"{constant.Value.Kind} {constant.Value}",
        Argument.Sequence sequence => $"[{string.Join(", ", sequence.Entries.Select(Described))}]",
        Argument.Mapping mapping => $"{{{string.Join(", ", mapping.Entries.Select(entry => $"{entry.Key}: {Described(entry.Value)}"))}}}",
        _ => throw new UnreachableException(),
    };

    private static RuleSet Read(string text)
    {
        var reading = RuleReader.Read([new SourceText("rules/a.yaml", text)], SomeActions.All, (_, _) => "a\nb");
        Assert.Equal("", DiagnosticText.Render(reading.Diagnostics));
        return reading.RuleSet!;
    }
}

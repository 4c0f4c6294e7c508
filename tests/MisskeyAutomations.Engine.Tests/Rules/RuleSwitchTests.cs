using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>One word of a file changes, or comes; everything else stays.</summary>
public sealed class RuleSwitchTests
{
    [Theory]
    [InlineData("- name: a # x\n  on: mention\n", "- name: a # x\n  enabled: false\n  on: mention\n")]
    [InlineData("- on: mention\n  name: a", "- on: mention\n  name: a\n  enabled: false")]
    [InlineData("- name: a\r\n  on: mention\r\n", "- name: a\r\n  enabled: false\r\n  on: mention\r\n")]
    [InlineData("- { name: a, on: mention }", "- { name: a, enabled: false, on: mention }")]
    [InlineData("- enabled: dry-run # for now\n  name: a\n", "- enabled: false # for now\n  name: a\n")]
    [InlineData("- name: a\n  do: [ { enabled: yes } ]\n  enabled: 'true'\n", "- name: a\n  do: [ { enabled: yes } ]\n  enabled: false\n")]
    [InlineData("- name: \"a\"\n  ? [ x ]\n  : y\n  enabled: true\n", "- name: \"a\"\n  ? [ x ]\n  : y\n  enabled: false\n")]
    [InlineData("- name: b\n  enabled: true\n- name: a\n", "- name: b\n  enabled: true\n- name: a\n  enabled: false\n")]
    public void Just_its_word_is_written(string text, string expected)
    {
        var at = text.IndexOf("name: a", StringComparison.Ordinal) is >= 0 and var plain ? plain + 6 : text.IndexOf("\"a\"", StringComparison.Ordinal);

        Assert.Equal(expected, RuleSwitch.Set(text, at, RuleMode.Disabled));
    }

    [Fact]
    public void What_is_on_unless_it_says_otherwise_needs_no_word() => Assert.Equal("- name: a\n", RuleSwitch.Set("- name: a\n", 8, RuleMode.Enabled));

    [Fact]
    public void Where_no_name_stands_nothing_is_written() => Assert.Null(RuleSwitch.Set("- name: a\n", 3, RuleMode.Disabled));
}

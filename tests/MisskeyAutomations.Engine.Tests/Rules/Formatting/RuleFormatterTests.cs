using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Formatting;

namespace MisskeyAutomations.Engine.Tests.Rules.Formatting;

public sealed class RuleFormatterTests
{
    private const string Head = "rules:\n  - name: a\n    on: mention\n";

    [Theory]
    [InlineData("when: user.isBot = false && !note.isReply", "when: user.isBot == false and not note.isReply")]
    [InlineData("when: ${ user.isBot }", "when: user.isBot")]
    [InlineData("when: \"!user.isBot\"", "when: not user.isBot")]
    [InlineData("when: [user.isBot || user.isCat, 'user.isLocal']", "when: [user.isBot or user.isCat, user.isLocal]")]
    [InlineData("when: 'user.isBot ? true : false'", "when: 'user.isBot ? true : false'")]
    [InlineData("let: { x: 1+2 }", "let: { x: 1 + 2 }")]
    [InlineData("limit: 1 per ( user.host+'x' ) per day", "limit: 1 per (user.host + 'x') per day")]
    [InlineData("limit: { max: 1, per: (note.text+'x'), within: 1d }", "limit: { max: 1, per: (note.text + 'x'), within: 1d }")]
    [InlineData("description: 'it''s \"it\"'", "description: it's \"it\"")]
    [InlineData("description: \"two\\nlines\"", "description: \"two\\nlines\"")]
    [InlineData("description: \"on\"", "description: \"on\"")]
    [InlineData("description: 'a: b'", "description: 'a: b'")]
    [InlineData("description: '10'", "description: '10'")]
    [InlineData("description: \"日本語：二\"", "description: \"日本語：二\"")]
    [InlineData("description: \"フォロー 🎉\"", "description: フォロー 🎉")]
    [InlineData("description: 'cut' #short", "description: 'cut' #short")]
    [InlineData("description:   x   # why", "description: x     # why")]
    [InlineData("\"description\" : x", "description: x")]
    public void A_line_of_a_rule_is_written_like_this(string written, string formatted)
    {
        var end = "\n    do: stop\n";

        Assert.Equal(Head + "    " + formatted + end, Formatted(Head + "    " + written + end));
    }

    [Theory]
    [InlineData("reply: ${ user.name }  and $${ x }", "reply: ${user.name}  and $${ x }")]
    [InlineData("reply: \"${ user.name }: hi\"", "reply: \"${user.name}: hi\"")]
    [InlineData("reply: 'Hi!  '", "reply: 'Hi!  '")]
    [InlineData("reply: \"${'a'}}\"", "reply: ${'a'}}")]
    [InlineData("follow: ${user}", "follow: user")]
    [InlineData("dm: { x }", null)]
    [InlineData("wait: ${ duration( note.text ) }", "wait: ${duration(note.text)}")]
    [InlineData("for-each: f  in  note.files.${x}", null)]
    [InlineData("api: test\n        with: { id: '${ user.id }', n: '5', t: \"true\", z: \"x\" }", "api: test\n        with: { id: '${user.id}', n: '5', t: \"true\", z: x }")]
    [InlineData("if: [ user.isBot=true ]\n        then: stop", "if: [ user.isBot == true ]\n        then: stop")]
    [InlineData("for-each: f  in  note.files\n        do: { log: '${ f.name }' }", "for-each: f in note.files\n        do: { log: '${f.name}' }")]
    public void A_step_is_written_like_this(string written, string? formatted)
    {
        var text = Head + "    do:\n      - " + written + "\n";

        Assert.Equal(formatted is null ? null : Head + "    do:\n      - " + formatted + "\n", Formatted(text));
    }

    [Fact]
    public void Levels_are_two_apart_and_comments_and_single_blank_lines_stay_where_they_belong()
    {
        const string Written = "\n\n# top 日本語\t \nrules:\n# first\n- name: a\n  on: mention   # why\n\n\n  do:\n  -   if: user.isBot\n      then:\n         # inner\n         - stop\n"
            + "      # - stop\n  # last\n# second\n-\n  name: b\n  on: mention\n  do:\n    reply: |\n         deep\n           deeper  \n\n         end\n\n\ntests: []\n\n";

        Assert.Equal("""
            # top 日本語
            rules:
              # first
              - name: a
                on: mention   # why

                do:
                  - if: user.isBot
                    then:
                      # inner
                      - stop
                    # - stop
                  # last

              # second
              -
                name: b
                on: mention
                do:
                  reply: |
                    deep
                      deeper  

                    end

            tests: []

            """, Formatted(Written));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Line_ends_stay_and_the_last_line_gets_one(string end)
    {
        var written = string.Join(end, "rules:", "- name: a", "  on: mention", "  do: stop", "- name: b", "  on: mention", "  do: stop");

        Assert.Equal(string.Join(end, "rules:", "  - name: a", "    on: mention", "    do: stop", "", "  - name: b", "    on: mention", "    do: stop", ""), Formatted(written));
    }

    [Theory]
    [InlineData("- reply: |2\n       two\n      none\n", "- reply: |2\n           two\n          none\n")]
    [InlineData("- reply: |+\n      keeps\n\n\n- stop\n", "- reply: |+\n          keeps\n\n\n      - stop\n")]
    [InlineData("- reply: |\n     no end", "- reply: |\n          no end")]
    [InlineData("- reply: first\n\n     second\n", "- reply: first\n\n          second\n")]
    [InlineData("- reply: 'first\n\n     second '\n", "- reply: 'first\n\n          second '\n")]
    [InlineData("- log: x\n- { reply: x,\n      cw: y\n  }\n", "- log: x\n      - { reply: x,\n          cw: y\n      }\n")]
    public void Values_of_several_lines_move_with_their_key_and_keep_their_text(string written, string formatted)
    {
        const string Before = "rules:\n- name: a\n  on: mention\n  do:\n";

        Assert.Equal(Head + "    do:\n      " + formatted, Formatted(Before + "  " + written.Replace("\n- ", "\n  - ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("rules:\n- name: a\n  on: mention\n  do:\n  - replay: x\n")]
    [InlineData("rules:\n- name: a\n  on: mention\n  when: user.isBto\n  do: stop\n")]
    [InlineData("rules:\n- name: 'a\n")]
    public void A_file_with_errors_is_left_as_it_is(string written)
    {
        var formatting = RuleFormatter.Format(new SourceText("rules/a.yaml", written), SomeActions.All);

        Assert.Null(formatting.Text);
        Assert.NotEmpty(formatting.Errors);
    }

    [Fact]
    public void Lists_of_other_files_are_no_error() =>
        Assert.Equal(Head + "    when: user.id in lists.friends\n    do: stop\n", Formatted(Head + "    when: ${user.id in lists.friends}\n    do: stop"));

    [Fact]
    public void What_the_formatter_does_not_know_is_left_as_it_is()
    {
        var formatting = RuleFormatter.Format(new SourceText("a.yaml", "? rules\n: - name: a\n    on: mention\n    do: stop\n"), SomeActions.All);

        Assert.Null(formatting.Text);
        Assert.Equal("line 1 begins in a way that the formatter does not know", formatting.Obstacle!.ToString());
    }

    // Formatting twice is formatting once.
    private static string? Formatted(string written)
    {
        var formatted = RuleFormatter.Format(new SourceText("rules/a.yaml", written), SomeActions.All).Text;
        if (formatted is not null)
        {
            Assert.Equal(formatted, RuleFormatter.Format(new SourceText("rules/a.yaml", formatted), SomeActions.All).Text);
        }

        return formatted;
    }
}

using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>What a rule file means.</summary>
public sealed class RuleReaderTests
{
    [Fact]
    public void A_rule_has_the_defaults_of_the_language()
    {
        var rule = ReadRule("{ name: a, on: mention, do: stop }");

        Assert.Equal("a", rule.Name);
        Assert.Null(rule.Description);
        Assert.Empty(rule.Accounts);
        Assert.Equal(RuleMode.Enabled, rule.Mode);
        Assert.Equal(["mention"], rule.Triggers);
        Assert.Equal(Inclusions.None, rule.Include);
        Assert.Null(rule.When);
        Assert.Empty(rule.Limits);
        Assert.Null(rule.After);
        Assert.Empty(rule.Else);
        Assert.Equal("do[0]", Assert.IsType<StepNode.Stop>(Assert.Single(rule.Do)).Path);
    }

    [Fact]
    public void A_rule_has_what_its_keys_say()
    {
        var rule = ReadRule("""
            name: フォロー返し-2
            description: for people
            account: [main, second.one]
            enabled: dry-run
            on: [followed, { type: somethingNew }, { type: mention }]
            include: [self, muted]
            after: 1m..5m
            late: 1h30m
            do: { log: yes }
            else: [{ log: no }, stop]
            """);

        Assert.Equal("フォロー返し-2", rule.Name);
        Assert.Equal("for people", rule.Description);
        Assert.Equal(["main", "second.one"], rule.Accounts);
        Assert.Equal(RuleMode.DryRun, rule.Mode);
        Assert.Equal(["followed", "somethingNew", "mention"], rule.Triggers);
        Assert.Equal(Inclusions.Self | Inclusions.Muted, rule.Include);
        Assert.Equal(new DurationRange(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)), rule.After);
        Assert.Equal(TimeSpan.FromMinutes(90), rule.Late);
        Assert.Equal("yes", Call(rule.Do[0]).Arguments[""].Evaluate(new Scope()).Text);
        Assert.Equal(["else[0]", "else[1]"], rule.Else.Select(step => step.Path), StringComparer.Ordinal);
        Assert.Equal("フォロー返し-2", rule.Source.Text[rule.NameSpan.Start..rule.NameSpan.End]);
    }

    [Theory]
    [InlineData("[{ follow: user }]", 24)]
    [InlineData("[{ log: hi }]", 24)]
    [InlineData("[{ reply: hi }]", 1)]
    [InlineData("[{ if: user.isBot, then: [stop], else: [{ react: star }] }]", 1)]
    public void What_answers_somebody_is_late_after_an_hour_everything_else_after_a_day(string steps, int hours)
    {
        Assert.Equal(TimeSpan.FromHours(hours), ReadRule($"{{ name: a, on: mention, do: {steps} }}").Late);
        Assert.Equal(TimeSpan.FromHours(hours), ReadRule($"{{ name: a, on: mention, do: stop, else: {steps} }}").Late);
    }

    [Theory]
    [InlineData("1 per user per 7d", 1, LimitKey.User, "7.00:00:00")]
    [InlineData("3 per hour", 3, LimitKey.Account, "Hour")]
    [InlineData("3 per 1h30m", 3, LimitKey.Account, "01:30:00")]
    [InlineData("10  per  host  per  week", 10, LimitKey.Host, "Week")]
    [InlineData("1 per account per month", 1, LimitKey.Account, "Month")]
    [InlineData("2 per thread per day", 2, LimitKey.Thread, "Day")]
    [InlineData("once per note", 1, LimitKey.Note, "ever")]
    [InlineData("1 per (note.user.host) per day", 1, LimitKey.Expression, "Day")]
    [InlineData("once per (contains(note.text, ' per day) per '))", 1, LimitKey.Expression, "ever")]
    [InlineData("{ max: 5, within: 1d }", 5, LimitKey.Account, "1.00:00:00")]
    [InlineData("{ max: 5, per: user, within: day }", 5, LimitKey.User, "Day")]
    [InlineData("{ max: 5, per: (user.host), within: 1h }", 5, LimitKey.Expression, "01:00:00")]
    public void A_limit_counts(string limit, int max, LimitKey per, string period)
    {
        var read = Assert.Single(ReadRule($"name: a\non: mention\nlimit: {limit}\ndo: stop").Limits);

        Assert.Equal(max, read.Max);
        Assert.Equal(per, read.Per);
        Assert.Equal(per == LimitKey.Expression, read.Key is not null);
        Assert.Equal(period, read.Period switch
        {
            LimitPeriod.Sliding sliding => sliding.Length.ToString(),
            LimitPeriod.Calendar calendar => calendar.Unit.ToString(),
            _ => "ever",
        });
    }

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("2h", 7200)]
    [InlineData("7d", 604_800)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d2h3m4s", 93_784)]
    [InlineData("0s", 0)]
    public void A_duration_has_its_length_and_is_written_back_the_same(string text, int seconds)
    {
        var wait = Assert.IsType<StepNode.Wait>(ReadRule($"{{ name: a, on: mention, do: {{ wait: {text} }} }}").Do[0]);

        Assert.Equal(TimeSpan.FromSeconds(seconds), wait.Duration!.Min);
        Assert.Equal(wait.Duration.Min, wait.Duration.Max);
        Assert.Equal(text, Durations.Format(wait.Duration.Min));
    }

    [Fact]
    public void Conditions_nest_and_a_list_means_all()
    {
        var rule = ReadRule("""
            name: a
            on: mention
            when:
              - user.isBot
              - any: [user.isCat, { none: user.isLocal }]
                all: [user.isBot]
            do: stop
            """);

        Assert.Equal("all(user.isBot, all(any(user.isCat, none(user.isLocal)), all(user.isBot)))", ResolvedTextTests.Described(rule.When!));
    }

    [Fact]
    public void Steps_have_paths_arguments_and_options()
    {
        var rule = ReadRule("""
            name: a
            on: mention
            do:
              - reply: hi ${user.username}
                visibility: followers
                local-only: true
                files: [note.id]
                as: sent
                continue-on-error: true
                allow-private: true
              - if: user.isBot
                then:
                  - wait: 1m..2m
                  - react: star
                    to: sent
                else: stop
              - dm: hi
                to: ['@ai@misskey.example', user]
              - mute: user
                expires: 7d
              - api: test
                with: { n: 1.5, b: true, z: null, t: "1.5", id: 9007199254740993, l: [no, 010, "${user.id}"] }
            """);

        var reply = Call(rule.Do[0]);
        Assert.Equal(("reply", "sent", true, true), (reply.Action.Name, reply.As, reply.ContinueOnError, reply.AllowPrivate));
        Assert.Equal(["", "files", "local-only", "visibility"], reply.Arguments.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal("followers", reply.Arguments["visibility"].Evaluate(new Scope()).Text);
        Assert.True(reply.Arguments["local-only"].Evaluate(new Scope()).IsTrue);
        var fork = Assert.IsType<StepNode.If>(rule.Do[1]);
        Assert.Equal(["do[1].then[0]", "do[1].then[1]", "do[1].else[0]"], fork.Then.Concat(fork.Else).Select(step => step.Path), StringComparer.Ordinal);
        Assert.Equal("@ai@misskey.example", Assert.IsType<Argument.Sequence>(Call(rule.Do[2]).Arguments["to"]).Entries[0].Evaluate(new Scope()).Text);
        Assert.Equal(604_800, Call(rule.Do[3]).Arguments["expires"].Evaluate(new Scope()).Number);
        var scope = new Scope { ["user"] = Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["id"] = Value.Of("u1") })) };
        Assert.Equal(
            """{"n":1.5,"b":true,"z":null,"t":"1.5","id":"9007199254740993","l":["no","010","u1"]}""",
            Call(rule.Do[4]).Arguments["with"].Evaluate(scope).ToJson());
    }

    [Fact]
    public void Lists_and_defaults_hold_for_all_files_and_documents()
    {
        var reading = RuleReader.Read(
            [
                new SourceText("rules/b.yaml", "rules: [{ name: a, on: mention, when: user.username in lists.words, do: stop }]\n---\ndefaults: { timezone: Asia/Tokyo }"),
                new SourceText("rules/lists.yaml", "lists: { words: { file: words.txt }, friends: [ai, 1, true] }\ndefaults: { visibility: home, budget: { notes: 5 per 10m }, replies: { per-user: 1 per 1h } }"),
            ],
            SomeActions.All,
            (rule, path) => (rule, path) == ("rules/lists.yaml", "words.txt") ? "\ufeffone\r\n\r\n  two  \n#three" : null);

        Assert.Empty(reading.Diagnostics);
        var set = reading.RuleSet!;
        Assert.Equal(["one", "two", "#three"], set.Lists["words"].List.Select(value => value.Text), StringComparer.Ordinal);
        Assert.Equal(["ai", "1", "true"], set.Lists["friends"].List.Select(value => value.Text), StringComparer.Ordinal);
        Assert.All(set.Lists["words"].List, value => Assert.True(value.Marks.HasFlag(ValueMarks.Markup)));
        Assert.Equal("Asia/Tokyo", set.Defaults.TimeZone.Id);
        Assert.Equal("home", set.Defaults.Visibility);
        Assert.Equal(new Budget(5, TimeSpan.FromMinutes(10)), set.Defaults.Budgets["notes"]);
        Assert.Equal(Budget.Standard["follows"], set.Defaults.Budgets["follows"]);
        Assert.Equal(new Budget(1, TimeSpan.FromHours(1)), set.Defaults.RepliesPerUser);
        Assert.Equal(new Defaults().RepliesPerThread, set.Defaults.RepliesPerThread);
    }

    [Fact]
    public void A_key_of_the_set_that_two_files_set_names_both_places()
    {
        var reading = RuleReader.Read(
            [new SourceText("a.yaml", "defaults: { timezone: UTC }"), new SourceText("b.yaml", "# b\ndefaults: { timezone: UTC }")], SomeActions.All);

        var finding = Assert.Single(reading.Diagnostics);
        Assert.Equal(RuleDiagnostics.DefaultSetTwice, finding.Descriptor);
        Assert.Equal(("b.yaml", "first at a.yaml:1:13"), (finding.Source.Path, finding.Note));
    }

    [Fact]
    public void Tests_keep_their_structure_and_the_place_of_every_value()
    {
        var file = new SourceText("a.yaml", "tests:\n  - name: t\n    given: { followed: { user: 'it''s' } }\n---\ntests: [{ name: u }]");

        var tests = RuleReader.Read([file], SomeActions.All).Tests;

        Assert.Equal(["t", "u"], tests.Select(test => ((SourceNode.Scalar)test.Find("name")!.Value).Text), StringComparer.Ordinal);
        var given = Assert.IsType<SourceNode.Mapping>(tests[0].Find("given")!.Value);
        Assert.Equal("{ followed: { user: 'it''s' } }", file.Text[given.Span.Start..given.Span.End]);
        var user = Assert.IsType<SourceNode.Scalar>(Assert.IsType<SourceNode.Mapping>(given.Find("followed")!.Value).Find("user")!.Value);
        Assert.Equal("it's", user.Text);
        Assert.False(user.IsPlain);
        Assert.Equal("'it''s'", file.Text[user.Span.Start..user.Span.End]);
        Assert.Equal("''s", file.Text[user.Value.Map(new(2, 4)).Start..user.Value.Map(new(2, 4)).End]);
    }

    [Fact]
    public void A_warning_leaves_the_set_an_error_does_not()
    {
        var warned = RuleReader.Read([new SourceText("a", "rules: [{ name: a, on: mention, when: [user.isBot], do: stop }]")], SomeActions.All);
        var refused = RuleReader.Read([new SourceText("a", "rules: [{ name: a, on: mention, do: [stop], x: y }]"), new SourceText("b", "rules: [{ name: b, on: mention, do: stop }]")], SomeActions.All);

        Assert.Equal(Severity.Warning, Assert.Single(warned.Diagnostics).Severity);
        Assert.Single(warned.RuleSet!.Rules);
        Assert.Null(refused.RuleSet);
    }

    [Fact]
    public void Rules_keep_the_order_of_files_and_findings_are_sorted_by_file_and_place()
    {
        var reading = RuleReader.Read(
            [new SourceText("b", "rules: [{ name: b, on: [mention, mention], do: stop }]"), new SourceText("a", "rules: [{ name: a, on: [note, note], include: [self, self], do: stop }]")],
            SomeActions.All);

        Assert.Equal(["b", "a"], reading.RuleSet!.Rules.Select(rule => rule.Name), StringComparer.Ordinal);
        Assert.Equal(["a", "a", "b"], reading.Diagnostics.Select(finding => finding.Source.Path), StringComparer.Ordinal);
        Assert.True(reading.Diagnostics[0].Span.Start < reading.Diagnostics[1].Span.Start);
    }

    private static StepNode.Call Call(StepNode step) => Assert.IsType<StepNode.Call>(step);

    private static Rule ReadRule(string rule)
    {
        var text = rule.StartsWith('{') ? $"rules: [{rule}]" : "rules:\n  -\n    " + rule.ReplaceLineEndings("\n    ");
        var reading = RuleReader.Read([new SourceText("rules/a.yaml", text)], SomeActions.All);
        Assert.Equal("", DiagnosticText.Render(reading.Diagnostics));
        return Assert.Single(reading.RuleSet!.Rules);
    }
}

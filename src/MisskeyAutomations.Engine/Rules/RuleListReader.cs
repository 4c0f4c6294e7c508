using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads the rules of all files, once lists and defaults are known.</summary>
internal sealed partial class RuleListReader(Reading reading, FileContents contents)
{
    internal static readonly string[] Modes = ["true", "false", "dry-run"];

    internal static readonly string[] Inclusion = ["self", "bots", "muted"];

    private readonly Dictionary<string, SourceSlice> _names = new(StringComparer.Ordinal);

    public IReadOnlyList<Rule> Read()
    {
        Rule[] rules = [.. contents.Rules.Select(ReadRule).OfType<Rule>()];
        GroupLaw.Check(reading, rules);
        return rules;
    }

    private Rule? ReadRule(SourceNode.Mapping node)
    {
        foreach (var (key, _) in node.Entries.Where(entry => !Language.RuleKeys.Contains(entry.Name, StringComparer.Ordinal)))
        {
            RefuseKey(key);
        }

        var name = ReadName(node);
        var on = Require(node, "on");
        var zone = node.Find("timezone") is { } clock ? TimeZones.Read(reading, clock.Value) : null;
        var events = RuleEvents.Read(reading, on, zone);
        var lets = node.Find("let") is { } named ? new LetReader(reading, events).Read(named.Value) : new Dictionary<string, CompiledExpression>(StringComparer.Ordinal);
        var steps = new StepReader(reading, events);
        var when = node.Find("when") is { } condition ? new ConditionReader(reading, events).Read("when", condition.Value, "when", RuleEvents.NoNames) : null;
        var group = node.Find("group") is { } member ? ReadGroup(member.Value, node) : null;
        var overlap = node.Find("overlap") is { } mode ? OverlapReader.Read(reading, events, mode.Value) : Overlap.Parallel;
        var enabled = node.Find("enabled") is { } state ? ReadMode(state.Value) : RuleMode.Enabled;
        var include = node.Find("include") is { } included ? ReadInclusions(included.Value) : Inclusions.None;
        var limits = node.Find("limit") is { } limit ? new LimitReader(reading, events, steps).Read(limit.Value) : [];
        var after = ReadDuration(node, "after") is { } delay ? Durations.ReadRange(reading, delay.Value) : null;
        var late = node.Find("late") is { } age
            ? Durations.ReadLength(reading, "late", age.Value, "a duration such as 5m", "every event is older than nothing: write how old it may be, such as 10m, or leave it out")?.Length : null;
        var toDo = Require(node, "do") is { } list ? steps.Read("do", list) : [];
        var otherwise = node.Find("else") is { } branch ? steps.Read("else", branch.Value) : [];
        var onError = node.Find("on-error") is { } rescue ? steps.ReadOnError(rescue.Value) : [];
        var description = node.Find("description") is { } words ? reading.ReadText("description", words.Value)?.Text : null;
        var accounts = node.Find("account") is { } account ? ReadAccounts(account.Value) : [];
        RequireAccount(on, events, node.Find("account"));
        // One error anywhere refuses the set. This rule's own may lie in what YAML made unreadable, and then nobody counted it here.
        if (reading.Diagnostics.HasErrors)
        {
            return null;
        }

        var resolved = ResolvedText.Of(node, contents.Lists.Values, contents.Defaults.Finish());
        return new()
        {
            Name = name!.Text,
            Description = description,
            Accounts = accounts,
            Mode = enabled,
            Triggers = events.Names,
            Crons = events.Crons,
            Include = include,
            TimeZone = zone,
            Lets = lets,
            When = when,
            Group = group,
            Overlap = overlap,
            Limits = limits,
            After = after,
            Late = late ?? TimeSpan.FromHours(toDo.Concat(otherwise).Concat(limits.SelectMany(one => one.OverSteps)).Calls().Any(call => call.Action.Answers) ? 1 : 24),
            Do = toDo,
            Else = otherwise,
            OnError = onError,
            Endpoints = steps.Endpoints(),
            ResolvedText = resolved,
            Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(resolved))),
            Source = node.Source,
            NameSpan = name.Value.Span,
        };
    }

    private void RefuseKey(SourceSlice key)
    {
        if (Synonyms.HintForRuleKey(key.Text) is { } hint)
        {
            reading.Report(RuleDiagnostics.UnknownKey.At(key, Phrase.Of("a rule"), key.Text) with { Hint = hint });
            return;
        }

        if (key.Text != "if" && (reading.Actions.ContainsKey(key.Text) || Language.FlowSteps.Contains(key.Text, StringComparer.Ordinal)))
        {
            reading.Report(RuleDiagnostics.UnknownKey.At(key, Phrase.Of("a rule"), key.Text) with { Hint = "this is a step: it stands below 'do:'" });
            return;
        }

        reading.ReportUnknownKey(key, "a rule", Language.RuleKeys, Synonyms.RuleKeys);
    }

    // Everything else is an account's own; the clock and the server's administration are nobody's.
    private void RequireAccount(SourceNode? on, RuleEvents events, SourceEntry? account)
    {
        if (account is null && on is not null && reading.Accounts.Count > 1 && events.WithoutAccount is { } trigger)
        {
            reading.Report(TriggerDiagnostics.AccountMissing.At(on, trigger, string.Join(", ", reading.Accounts)) with { Hint = $"add 'account: {reading.Accounts[0]}' to the rule" });
        }
    }

    private SourceNode? Require(SourceNode.Mapping node, string key)
    {
        if (node.Find(key) is { } entry)
        {
            // '　- reply: hi' below 'do:' leaves it empty, and was told.
            return node.HasRefusedKeys && entry.Value is SourceNode.Scalar { IsNull: true } ? null : entry.Value;
        }

        // 'trigger:' for 'on:' is one mistake, told where it stands.
        if (!node.HasRefusedKeys && !node.Entries.Any(entry => Reading.StandsFor(entry.Name, key)))
        {
            reading.Report(RuleDiagnostics.MissingKey.At(node.Find("name")?.Value ?? node, Phrase.Of("a rule"), key));
        }

        return null;
    }

    private SourceNode.Scalar? ReadName(SourceNode.Mapping node)
    {
        if (Require(node, "name") is not { } value || reading.ReadText("name", value, "a name") is not { } name)
        {
            return null;
        }

        if (!Name().IsMatch(name.Text))
        {
            var suggestion = NotNameCharacters().Replace(Excerpt.Of(name.Text), "-").Trim('-');
            reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), Phrase.Of("a rule")) with
            {
                Hint = suggestion.Length > 0
                    ? Phrase.Of($"letters, digits and hyphens, at most 100: {suggestion}")
                    : Phrase.Of("letters, digits and hyphens, at most 100"),
            });
            return null;
        }

        if (_names.TryGetValue(name.Text, out var first))
        {
            reading.Report(RuleDiagnostics.DuplicateRule.At(name, name.Text) with { Note = Place.First(first) });
            return null;
        }

        _names.Add(name.Text, name.Value);
        return name;
    }

    private string? ReadGroup(SourceNode node, SourceNode.Mapping rule)
    {
        if (reading.ReadText("group", node, "a name") is not { } name)
        {
            return null;
        }

        if (!Name().IsMatch(name.Text))
        {
            reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), Phrase.Of("a group")) with { Hint = "letters, digits and hyphens, at most 100" });
            return null;
        }

        // A group of one is what a misspelt name makes: both rules would run.
        var others = contents.Rules.Where(other => other != rule)
            .Select(other => (other.Find("group")?.Value as SourceNode.Scalar)?.Text).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (!others.Contains(name.Text))
        {
            reading.Report(RuleDiagnostics.LonelyGroup.At(name, name.Text) with { Hint = Reading.DidYouMean(name.Text, others) });
        }

        return name.Text;
    }

    private RuleMode ReadMode(SourceNode node)
    {
        if (reading.ReadText("enabled", node, "true, false or dry-run") is not { } word)
        {
            return RuleMode.Enabled;
        }

        switch (word.Text)
        {
            case "true":
                return RuleMode.Enabled;
            case "false":
                return RuleMode.Disabled;
            case "dry-run":
                return RuleMode.DryRun;
            default:
                reading.Report(RuleDiagnostics.InvalidWord.At(word, "enabled", Words.Or(Modes), Excerpt.Of(word.Text)) with
                {
                    Hint = word.Text.ToLowerInvariant() switch
                    {
                        "yes" or "on" or "1" => "write true",
                        "no" or "off" or "0" => "write false",
                        _ => Reading.DidYouMean(word.Text, Modes),
                    },
                });
                return RuleMode.Enabled;
        }
    }

    private Inclusions ReadInclusions(SourceNode node)
    {
        var inclusions = Inclusions.None;
        foreach (var entry in node.OneOrMany)
        {
            if (reading.ReadText("include", entry, "self, bots, muted or a list of them") is not { } word)
            {
                continue;
            }

            var one = word.Text switch
            {
                "self" => Inclusions.Self,
                "bots" => Inclusions.Bots,
                "muted" => Inclusions.Muted,
                _ => Inclusions.None,
            };
            if (one == Inclusions.None)
            {
                reading.Report(RuleDiagnostics.InvalidWord.At(word, "include", Words.Or(Inclusion), Excerpt.Of(word.Text)) with
                {
                    Hint = Reading.DidYouMean(word.Text, Inclusion),
                });
            }
            else if (inclusions.HasFlag(one))
            {
                reading.Report(RuleDiagnostics.ListedTwice.At(word, word.Text) with { Hint = "remove one" });
            }

            inclusions |= one;
        }

        return inclusions;
    }

    private List<string> ReadAccounts(SourceNode node)
    {
        var accounts = new List<string>();
        if (node is SourceNode.Sequence { Entries.Count: 0 })
        {
            reading.Report(RuleDiagnostics.Empty.At(node, "account") with { Hint = "leave it out for every account" });
        }

        foreach (var entry in node.OneOrMany)
        {
            if (reading.ReadText("account", entry, "the name of an account or a list of names") is not { } name)
            {
                continue;
            }

            if (!Account().IsMatch(name.Text))
            {
                reading.Report(RuleDiagnostics.InvalidName.At(name, Excerpt.Of(name.Text), Phrase.Of("an account")) with { Hint = "the name under which the configuration has it: letters, digits, '.', '_' and '-'" });
            }
            else if (accounts.Contains(name.Text, StringComparer.Ordinal))
            {
                reading.Report(RuleDiagnostics.ListedTwice.At(name, name.Text) with { Hint = "remove one" });
            }
            else
            {
                accounts.Add(name.Text);
            }
        }

        return accounts;
    }

    private SourceNode.Scalar? ReadDuration(SourceNode.Mapping node, string key) =>
        node.Find(key) is { } entry ? reading.ReadText(key, entry.Value, "a duration such as 5m") : null;

    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}-]{1,100}$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Name();

    [GeneratedRegex(@"[^\p{L}\p{M}\p{N}]+", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex NotNameCharacters();

    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}._-]{1,100}$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex Account();
}

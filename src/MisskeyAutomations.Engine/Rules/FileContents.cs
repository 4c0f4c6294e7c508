using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>
/// What the documents of all files hold, sorted by root key. Lists and defaults are read at once, because rules refer to them from
/// any file; rules and tests wait.
/// </summary>
internal sealed class FileContents(Reading reading, Func<string, string, string?> readList)
{
    private readonly List<SourceNode.Mapping> _rules = [];
    private readonly List<SourceNode.Mapping> _tests = [];

    public ListReader Lists { get; } = new(reading, readList);

    public DefaultsReader Defaults { get; } = new(reading);

    /// <summary>The rules in file order.</summary>
    public IReadOnlyList<SourceNode.Mapping> Rules => _rules;

    /// <summary>The tests in file order.</summary>
    public IReadOnlyList<SourceNode.Mapping> Tests => _tests;

    public void Sort(SourceNode document)
    {
        if (document is not SourceNode.Mapping mapping)
        {
            if (document is not SourceNode.Unreadable)
            {
                reading.Report(RuleDiagnostics.NotARuleFile.At(document, document.Kind) with
                {
                    Hint = document is SourceNode.Sequence ? "write 'rules:' above the list" : null,
                });
            }

            return;
        }

        var isRule = false;
        foreach (var (key, value) in mapping.Entries)
        {
            switch (key.Text)
            {
                case "rules":
                    Collect("rules", "a list of rules", value, _rules);
                    break;
                case "tests":
                    Collect("tests", "a list of tests", value, _tests);
                    break;
                case "lists":
                    Lists.Read(value);
                    break;
                case "defaults":
                    Defaults.Read(value);
                    break;
                case var name when Language.RuleKeys.Contains(name, StringComparer.Ordinal):
                    // A rule at the root is one mistake, however many keys it has.
                    if (!isRule)
                    {
                        reading.Report(RuleDiagnostics.UnknownKey.At(key, Phrase.Of("a rule file"), key.Text) with { Hint = "this is a key of a rule: rules stand in a list below 'rules:'" });
                    }

                    isRule = true;
                    break;
                default:
                    reading.ReportUnknownKey(key, "a rule file", Language.FileKeys, Synonyms.FileKeys);
                    break;
            }
        }
    }

    private void Collect(string key, Phrase expected, SourceNode value, List<SourceNode.Mapping> into)
    {
        if (value is SourceNode.Scalar { IsNull: true })
        {
            return;
        }

        if (value is not SourceNode.Sequence sequence)
        {
            reading.ReportWrongKind(key, expected, value, "begin each with '- name: …'");
            return;
        }

        foreach (var entry in sequence.Entries)
        {
            if (entry is SourceNode.Mapping mapping)
            {
                // A rule that a YAML error cut off would get findings about what it does not hold.
                if (mapping.IsComplete)
                {
                    into.Add(mapping);
                }
            }
            else
            {
                reading.ReportWrongKind(key, expected, entry, "begin each with '- name: …'");
            }
        }
    }
}

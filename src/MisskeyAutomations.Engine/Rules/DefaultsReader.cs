using System.Globalization;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules.Yaml;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>Reads <c>defaults:</c>, which hold for the whole set: each may be set once, in any file.</summary>
internal sealed partial class DefaultsReader(Reading reading)
{
    internal static readonly string[] Keys = KeyTable.OfDefaults.Names();
    private static readonly string[] ReplyKeys = KeyTable.OfReplies.Names();

    private readonly Dictionary<string, SourceSlice> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Budget> _budgets = new(Budget.Standard, StringComparer.Ordinal);
    private Defaults _defaults = new();

    /// <summary>What all files together say.</summary>
    public Defaults Finish() => _defaults with { Budgets = _budgets };

    public void Read(SourceNode node)
    {
        foreach (var (key, value) in Entries("defaults", node))
        {
            switch (key.Text)
            {
                case "timezone" when Claim("timezone", key):
                    ReadTimeZone(value);
                    break;
                case "visibility" when Claim("visibility", key):
                    ReadVisibility(value);
                    break;
                case "budget":
                    ReadBudgets(value);
                    break;
                case "replies":
                    ReadReplies(value);
                    break;
                case "timezone" or "visibility":
                    break;
                default:
                    reading.ReportUnknownKey(key, "'defaults'", Keys);
                    break;
            }
        }
    }

    /// <summary>Reads <c>60 per 1h</c>.</summary>
    public static Budget? ReadBudget(Reading reading, string key, SourceNode node)
    {
        if (reading.ReadText(key, node, "a budget such as 60 per 1h") is not { } text)
        {
            return null;
        }

        var match = BudgetText().Match(text.Text);
        if (!match.Success)
        {
            reading.Report(RuleDiagnostics.InvalidBudget.At(text, Excerpt.Of(text.Text)) with
            {
                Hint = Reading.Narrow(text.Text) is { } narrow && BudgetText().IsMatch(narrow) ? Reading.InOrdinaryWidth(narrow) : "write it like 60 per 1h",
            });
            return null;
        }

        var period = match.Groups["period"];
        if (period.Value is "hour" or "day" or "week" or "month")
        {
            reading.Report(RuleDiagnostics.InvalidBudget.At(text, Excerpt.Of(text.Text)) with
            {
                Hint = $"a budget slides: write per {period.Value switch { "hour" => "1h", "day" => "1d", "week" => "7d", _ => "30d" }}",
            });
            return null;
        }

        if (Durations.Read(reading, text.Value.Part(period.Index, period.Length)) is not { } within)
        {
            return null;
        }

        if (within == TimeSpan.Zero)
        {
            reading.Report(RuleDiagnostics.DurationIsZero.At(text, period.Value));
            return null;
        }

        return new(int.Parse(match.Groups["max"].Value, CultureInfo.InvariantCulture), within);
    }

    private IEnumerable<SourceEntry> Entries(string key, SourceNode node)
    {
        if (node is SourceNode.Mapping mapping)
        {
            return mapping.Entries;
        }

        reading.ReportWrongKind(key, "keys with values", node);
        return [];
    }

    private bool Claim(string name, SourceSlice key)
    {
        if (_places.TryAdd(name, key))
        {
            return true;
        }

        reading.Report(RuleDiagnostics.DefaultSetTwice.At(key, name) with { Note = Place.First(_places[name]) });
        return false;
    }

    private void ReadTimeZone(SourceNode node)
    {
        if (TimeZones.Read(reading, node) is { } zone)
        {
            _defaults = _defaults with { TimeZone = zone };
        }
    }

    private void ReadVisibility(SourceNode node)
    {
        if (reading.ReadText("visibility", node, Words.Or(Language.Visibilities)) is not { } text)
        {
            return;
        }

        if (!Language.Visibilities.Contains(text.Text, StringComparer.Ordinal))
        {
            reading.Report(RuleDiagnostics.InvalidWord.At(text, "visibility", Words.Or(Language.Visibilities), Excerpt.Of(text.Text)) with
            {
                Hint = Reading.DidYouMean(text.Text, Language.Visibilities, Synonyms.Visibilities),
            });
            return;
        }

        _defaults = _defaults with { Visibility = text.Text };
    }

    private void ReadBudgets(SourceNode node)
    {
        foreach (var (key, value) in Entries("budget", node))
        {
            if (!Budget.Standard.ContainsKey(key.Text))
            {
                reading.ReportUnknownKey(key, "'budget'", Budget.Standard.Keys);
            }
            else if (Claim("budget: " + key.Text, key) && ReadBudget(reading, key.Text, value) is { } budget)
            {
                _budgets[key.Text] = budget;
            }
        }
    }

    private void ReadReplies(SourceNode node)
    {
        foreach (var (key, value) in Entries("replies", node))
        {
            if (!ReplyKeys.Contains(key.Text, StringComparer.Ordinal))
            {
                reading.ReportUnknownKey(key, "'replies'", ReplyKeys);
            }
            else if (Claim("replies: " + key.Text, key) && ReadBudget(reading, key.Text, value) is { } budget)
            {
                _defaults = key.Text == "per-user" ? _defaults with { RepliesPerUser = budget } : _defaults with { RepliesPerThread = budget };
            }
        }
    }

    [GeneratedRegex(@"^(?<max>[1-9][0-9]{0,8})[ ]+per[ ]+(?<period>\S+)$", RegexOptions.ExplicitCapture, Patterns.Timeout)]
    private static partial Regex BudgetText();
}

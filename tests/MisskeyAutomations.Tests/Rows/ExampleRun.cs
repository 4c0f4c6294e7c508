using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Tests.Architecture;

namespace MisskeyAutomations.Tests.Rows;

/// <summary>What comes of an example: it is read, decided and run as in earnest, and only the sending is left out.</summary>
internal sealed class ExampleRun
{
    private const string OfEngine = "Engine/";

    private readonly List<Intent> _calls = [];
    private readonly Example _example;
    private readonly RuleReading _reading;
    private RuleTestResult? _result;

    private ExampleRun(Example example)
    {
        _example = example;
        SourceText[] files = example.Sees.Count > 0 ? [] : [new SourceText("rules/row.yaml", example.File())];
        _reading = RuleReader.Read(files, ActionTable.Descriptors, ReadFile);
    }

    /// <summary>Everything that is found about the example.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; private set; } = [];

    /// <summary>Whether it can be run.</summary>
    public bool Loads => Findings.All(finding => finding.Severity == Severity.Warning);

    /// <summary>What is otherwise than expected; empty when the promise is kept.</summary>
    public IReadOnlyList<string> Differences { get; private set; } = [];

    public static async Task<ExampleRun> OfAsync(string text, CancellationToken cancellationToken)
    {
        var run = new ExampleRun(new Example(text));
        var tests = run.ReadTests();
        if (run.Loads && tests is [var test])
        {
            var actions = ActionTable.Offline().Select(IAction (action) => new NotingAction(action, run._calls)).ToList();
            run._result = await new RuleTestRunner(run._reading.RuleSet!, actions).RunAsync(test, cancellationToken);
        }

        run.Differences = [.. run.Differ()];
        return run;
    }

    private IReadOnlyList<RuleTest> ReadTests()
    {
        Findings = _reading.Diagnostics;
        if (_reading.RuleSet is null)
        {
            return [];
        }

        var (tests, findings) = RuleTestReader.Read(_reading, ActionTable.Descriptors);
        Findings = [.. Findings, .. findings];
        return tests;
    }

    private IEnumerable<string> Differ()
    {
        foreach (var failure in _result?.Failures ?? [])
        {
            yield return failure.ToString();
        }

        var told = string.Join('\n', (_result?.Trace ?? []).Select(line => line.ToString()));
        foreach (var part in _example.Says.Where(part => !told.Contains(part, StringComparison.Ordinal)))
        {
            yield return $"nothing says '{part}' in\n{told}";
        }

        if (_example.Calls is { Count: > 0 } calls && (calls.Count != _calls.Count || calls.Zip(_calls).Any(pair => !IsSame(pair.First, pair.Second))))
        {
            yield return $"it called\n  {string.Join("\n  ", _calls.Select(call => $"{call.Endpoint} {call.Body}"))}";
        }

        if (_example.Needs is { } needs && _reading.RuleSet is { } set && needs != Permissions(set))
        {
            yield return $"it needs {Permissions(set)}";
        }

        var found = Findings.Select(Told).ToArray();
        if (!found.SequenceEqual(_example.Finds))
        {
            yield return $"it finds {string.Join(" and ", found)}:\n{DiagnosticText.Render(Findings)}";
        }

        var hints = string.Join('\n', Findings.Select(finding => finding.Hint?.ToString()));
        foreach (var hint in _example.Hints.Where(hint => !hints.Contains(hint, StringComparison.Ordinal)))
        {
            yield return $"no hint says '{hint}' in\n{hints}";
        }

        foreach (var unknown in _example.Sees.Where(test => !IsTest(test)))
        {
            yield return $"there is no test {unknown}";
        }
    }

    private string Told(Diagnostic finding)
    {
        var (line, column) = _example.PlaceOf(finding.Source.GetPosition(finding.Span.Start));
        return $"{finding.Code}@{line}:{column}";
    }

    private static bool IsSame(string expected, Intent call)
    {
        var at = expected.IndexOf(' ', StringComparison.Ordinal);
        return at > 0 && expected[..at] == call.Endpoint && JsonElement.DeepEquals(JsonElement.Parse(expected[at..]), JsonElement.Parse(call.Body));
    }

    // What the engine asks of its own accord needs permissions too: those are no matter of a rule.
    private static string Permissions(RuleSet set)
    {
        var own = TokenPermissions.PermissionsOf(RuleReader.Read([new SourceText("none.yaml", "rules: []\n")], ActionTable.Descriptors).RuleSet!);
        return string.Join(' ', TokenPermissions.PermissionsOf(set).Except(own, StringComparer.Ordinal).DefaultIfEmpty("nothing"));
    }

    // Those of the engine's own tests stand in another program: their text is looked at.
    private static bool IsTest(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (name.StartsWith(OfEngine, StringComparison.Ordinal))
        {
            return SourceFiles.All("tests/MisskeyAutomations.Engine.Tests").Where(file => Path.GetFileNameWithoutExtension(file) == name[OfEngine.Length..dot])
                .Any(file => Regex.IsMatch(File.ReadAllText(file), $@"\[(Fact|Theory)\]\s+(\[[^\n]+\]\s+)*public (async Task|Task|void) {Regex.Escape(name[(dot + 1)..])}\(", RegexOptions.None, TimeSpan.FromSeconds(5)));
        }

        var type = typeof(ExampleRun).Assembly.GetTypes().SingleOrDefault(type => type.Name == name[..dot] && !type.IsAbstract);
        return type?.GetMethod(name[(dot + 1)..], BindingFlags.Public | BindingFlags.Instance)?.GetCustomAttributes<FactAttribute>().Any() == true;
    }

    private static string? ReadFile(string ruleFile, string path) =>
        File.ReadAllText(Path.Combine(SourceFiles.Root, "tests", "MisskeyAutomations.Tests", path.Contains('/', StringComparison.Ordinal) ? "Rows" : "Payloads", path));

    /// <summary>Notes each request that is ready to be sent.</summary>
    private sealed class NotingAction(IAction real, List<Intent> calls) : IAction
    {
        public ActionDescriptor Descriptor => real.Descriptor;

        public Preparation Prepare(ActionInput input)
        {
            var prepared = real.Prepare(input);
            if (prepared is Preparation.Ready ready)
            {
                calls.Add(ready.Intent);
            }

            return prepared;
        }

        public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

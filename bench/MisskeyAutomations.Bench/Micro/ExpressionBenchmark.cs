using BenchmarkDotNet.Attributes;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Bench.Micro;

/// <summary>A condition compiled, a condition asked, a text rendered and made harmless.</summary>
[MemoryDiagnoser]
public class ExpressionBenchmark
{
    private const string Condition = "contains(note.said, 'ping') and not user.isBot and length(note.text) > 10";
    private readonly ExpressionContext _context = new()
    {
        Variables = new Dictionary<string, Shape>(EventTypes.Always, StringComparer.Ordinal) { ["note"] = Schema.Note, ["user"] = Schema.User },
    };

    private Scope _scope = new();
    private CompiledExpression _condition = null!;
    private Template _template = null!;

    [GlobalSetup]
    public void Setup()
    {
        var happening = SomeRules.Mention();
        _scope = EventScope.Create(happening, RuleSet.Empty, happening.CreatedAt);
        _condition = Compile();
        _template = ExpressionCompiler.CompileTemplate(SourceSlice.Of("Hello, ${user.name}! You said: ${note.said}"), _context, new DiagnosticBag())!;
    }

    [Benchmark]
    public CompiledExpression Compile() => ExpressionCompiler.CompileCondition(SourceSlice.Of(Condition), _context, new DiagnosticBag())!;

    [Benchmark]
    public bool Ask() => _condition.Evaluate(_scope).IsTrue;

    [Benchmark]
    public string Render() => Neutralizer.Neutralize(_template.Render(_scope).MarkedText);
}

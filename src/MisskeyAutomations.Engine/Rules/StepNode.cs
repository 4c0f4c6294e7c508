using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>One entry under <c>do:</c>.</summary>
public abstract record StepNode
{
    private StepNode()
    {
    }

    /// <summary>Its place in the rule, such as <c>do[0].then[1]</c>: the key of its durable record.</summary>
    public required string Path { get; init; }

    /// <summary>Where it was written.</summary>
    public required TextSpan Span { get; init; }

    /// <summary>Whether the run goes on when the step itself fails.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>A deed.</summary>
    public sealed record Call : StepNode
    {
        /// <summary>The kind of deed.</summary>
        public required ActionDescriptor Action { get; init; }

        /// <summary>The arguments by option name; the step's own key has the empty name.</summary>
        public required IReadOnlyDictionary<string, Argument> Arguments { get; init; }

        /// <summary>The name under which later steps see its answer; null for none.</summary>
        public string? As { get; init; }

        /// <summary>What the rule asks for a request whose effect may be unknown.</summary>
        public Assurance Assurance { get; init; }

        /// <summary>Whether text of notes that are not public may leave through this step.</summary>
        public bool AllowPrivate { get; init; }
    }

    /// <summary>A fork; the decision is recorded.</summary>
    public sealed record If : StepNode
    {
        /// <summary>What is asked.</summary>
        public required Condition Condition { get; init; }

        /// <summary>The steps when it holds.</summary>
        public required IReadOnlyList<StepNode> Then { get; init; }

        /// <summary>The steps when it does not.</summary>
        public IReadOnlyList<StepNode> Else { get; init; } = [];
    }

    /// <summary>A durable pause.</summary>
    public sealed record Wait : StepNode
    {
        /// <summary>How long; null when <see cref="Expression"/> says it.</summary>
        public DurationRange? Duration { get; init; }

        /// <summary>An expression that gives seconds; null when it is fixed.</summary>
        public CompiledExpression? Expression { get; init; }
    }

    /// <summary>A durable pause until a time of day, or a moment.</summary>
    public sealed record WaitUntil : StepNode
    {
        /// <summary>The time as written: <c>08:00</c> or ISO 8601; null when <see cref="Expression"/> says it.</summary>
        public string? Time { get; init; }

        /// <summary>An expression that gives such a text; null when it is fixed.</summary>
        public CompiledExpression? Expression { get; init; }
    }

    /// <summary>A durable wait for the same person's next reply to a note of this run.</summary>
    public sealed record WaitFor : StepNode
    {
        /// <summary>How long it waits.</summary>
        public required TimeSpan Within { get; init; }

        /// <summary>The name under which later steps see the reply's note and user; null for none.</summary>
        public string? As { get; init; }

        /// <summary>The steps when no reply came; the run goes on after them.</summary>
        public IReadOnlyList<StepNode> Else { get; init; } = [];
    }

    /// <summary>Steps for each entry of a list, one round after the other.</summary>
    public sealed record ForEach : StepNode
    {
        /// <summary>The most rounds; a longer list is cut.</summary>
        public const int MaxRounds = 100;

        /// <summary>The name under which the steps see the entry of their round.</summary>
        public required string Variable { get; init; }

        /// <summary>The list; evaluated once, when the loop begins.</summary>
        public required CompiledExpression List { get; init; }

        /// <summary>The steps of a round.</summary>
        public required IReadOnlyList<StepNode> Do { get; init; }
    }

    /// <summary>Keeps values for later runs.</summary>
    public sealed record Set : StepNode
    {
        /// <summary>The values by key; a value of null removes.</summary>
        public required IReadOnlyDictionary<string, Argument> Entries { get; init; }

        /// <summary>What they are kept per: one of <see cref="StateKey.Scopes"/>; null for the account's own.</summary>
        public string? Per { get; init; }

        /// <summary>After what time they vanish; null for never.</summary>
        public TimeSpan? Expires { get; init; }
    }

    /// <summary>The end of the run.</summary>
    public sealed record Stop : StepNode;
}

/// <summary>Ways through steps.</summary>
public static class StepNodes
{
    extension(IEnumerable<StepNode> steps)
    {
        /// <summary>The deeds among them, those within others too.</summary>
        public IEnumerable<StepNode.Call> Calls() => steps.SelectMany(step => step switch
        {
            StepNode.Call call => [call],
            StepNode.If fork => fork.Then.Calls().Concat(fork.Else.Calls()),
            StepNode.ForEach loop => loop.Do.Calls(),
            StepNode.WaitFor reply => reply.Else.Calls(),
            _ => Enumerable.Empty<StepNode.Call>(),
        });
    }
}

/// <summary>A step's argument before it is evaluated.</summary>
public abstract record Argument
{
    private Argument()
    {
    }

    /// <summary>An expression.</summary>
    public sealed record Expression(CompiledExpression Compiled) : Argument;

    /// <summary>A text with holes, or with none.</summary>
    public sealed record Text(Template Template) : Argument;

    /// <summary>A fixed value: a word, a truth value, a duration in seconds.</summary>
    public sealed record Constant(Value Value) : Argument;

    /// <summary>A mapping.</summary>
    public sealed record Mapping(IReadOnlyDictionary<string, Argument> Entries) : Argument;

    /// <summary>A list.</summary>
    public sealed record Sequence(IReadOnlyList<Argument> Entries) : Argument;

    /// <summary>Its value; the first need or error inside it decides. Texts keep their marks.</summary>
    public Value Evaluate(Scope scope)
    {
        switch (this)
        {
            case Expression expression:
                return expression.Compiled.Evaluate(scope);
            case Text text:
                return text.Template.Render(scope);
            case Constant constant:
                return constant.Value;
            case Sequence sequence:
                return EvaluateAll(sequence.Entries, scope, out var entries) is { } trouble ? trouble : Value.Of(entries);
            case Mapping mapping:
                return EvaluateAll(mapping.Entries.Values, scope, out var values) is { } problem ? problem
                    : Value.Of(new ValueMap(mapping.Entries.Keys.Zip(values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)));
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static Value? EvaluateAll(IEnumerable<Argument> arguments, Scope scope, out List<Value> values)
    {
        values = [];
        foreach (var argument in arguments)
        {
            var value = argument.Evaluate(scope);
            if (!value.IsKnown)
            {
                return value;
            }

            values.Add(value);
        }

        return null;
    }
}

using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary>One row of the table of functions: what a rule can call.</summary>
public sealed class Function
{
    private readonly Parameter[] _parameters;

    internal Function(string name, string doc, Parameter[] parameters, Func<FunctionCall, Shape> resultOf, Func<FunctionCall, Operation> bind)
    {
        (Name, Doc, _parameters, ResultOf, Bind) = (name, doc, parameters, resultOf, bind);
    }

    /// <summary>As written in rules.</summary>
    public string Name { get; }

    /// <summary>One line for people, without a full stop.</summary>
    public string Doc { get; }

    /// <summary>Name and parameters, such as <c>capture(text, pattern, group = 1)</c>.</summary>
    public string Signature => $"{Name}({string.Join(", ", _parameters.Select(parameter => parameter.ToString()))})";

    internal IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>What a call gives.</summary>
    internal Func<FunctionCall, Shape> ResultOf { get; }

    /// <summary>Makes the operation of a call whose arguments were checked.</summary>
    internal Func<FunctionCall, Operation> Bind { get; }

    internal int Minimum => _parameters.Count(parameter => parameter.Default is null && !parameter.IsOptional);

    internal int Maximum => _parameters.Length > 0 && _parameters[^1].IsRest ? int.MaxValue : _parameters.Length;

    /// <summary>The parameter that an argument fills.</summary>
    internal Parameter ParameterAt(int index) => _parameters[Math.Min(index, _parameters.Length - 1)];
}

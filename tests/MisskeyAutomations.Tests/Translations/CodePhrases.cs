using System.Globalization;
using Mono.Cecil;
using Mono.Cecil.Cil;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Tests.Translations;

/// <summary>
/// The phrases that stand in the compiled code, whether or not a test reaches them: literals that are turned into a
/// <see cref="Phrase"/>, and interpolated strings, whose pieces the compiler hands over one by one.
/// </summary>
internal sealed class CodePhrases
{
    private readonly SortedSet<string> _formats = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _lost = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _bare = new(StringComparer.Ordinal);

    public CodePhrases(params System.Reflection.Assembly[] assemblies)
    {
        foreach (var assembly in assemblies)
        {
            Read(assembly, _ => true);
        }
    }

    private CodePhrases()
    {
    }

    /// <summary>Those of some types alone, with what the compiler made of their methods.</summary>
    public static IReadOnlyCollection<string> Of(params IReadOnlyCollection<Type> types)
    {
        var phrases = new CodePhrases();
        foreach (var assembly in types.Select(type => type.Assembly).Distinct())
        {
            phrases.Read(assembly, type => types.Any(asked => asked.FullName == type.FullName.Split('/')[0]));
        }

        return phrases.Formats;
    }

    /// <summary>Their formats: the keys of their translations.</summary>
    public IReadOnlyCollection<string> Formats => _formats;

    /// <summary>Methods that make a phrase of a text which was put together before: it has no key that could be known.</summary>
    public IReadOnlyCollection<string> Lost => _lost;

    /// <summary>English that goes into a finding as a bare text, and stays English in every language.</summary>
    public IReadOnlyCollection<string> Bare => _bare;

    private void Read(System.Reflection.Assembly assembly, Func<TypeDefinition, bool> isAsked)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        foreach (var method in module.GetTypes().Where(type => type.FullName != typeof(Phrase).FullName && isAsked(type)).SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            Read(method);
        }
    }

    private void Read(MethodDefinition method)
    {
        var open = new Stack<Building>();
        var tellsFindings = method.Body.Instructions.Any(IsFinding);
        foreach (var instruction in method.Body.Instructions)
        {
            if (tellsFindings && instruction.Next?.OpCode.Code is Code.Stelem_Ref && EnglishOf(instruction) is { } words)
            {
                _bare.Add($"{method.FullName}: {words}");
            }

            if (instruction.Operand is not MethodReference { DeclaringType.FullName: "MisskeyAutomations.Engine.Diagnostics.Phrase" } called)
            {
                continue;
            }

            switch (called.Name)
            {
                case ".ctor" when called.Parameters.Count == 2:
                    open.Push(new(Number(instruction.Previous.Previous), Number(instruction.Previous)));
                    break;
                case "AppendLiteral":
                    open.Peek().Add((string)instruction.Previous.Operand);
                    break;
                case "AppendFormatted":
                    open.Peek().AddHole(called.Parameters.Count == 2 ? instruction.Previous.Operand as string : null);
                    break;
                case "op_Implicit":
                    ReadLiterals(method, instruction);
                    break;
            }

            if (open.TryPeek(out var building) && building.IsComplete)
            {
                _formats.Add(open.Pop().Format);
            }
        }
    }

    // One word may be a key of the language; more are a sentence.
    private static string? EnglishOf(Instruction instruction) => instruction.Operand switch
    {
        string words when words.Contains(' ', StringComparison.Ordinal) => words,
        MethodReference { Name: "ToStringAndClear" or "Concat" or "Format" } made => made.Name,
        _ => null,
    };

    // What is converted is a literal, or one of several of a `? :` or `switch`; anything else was put together before.
    private void ReadLiterals(MethodDefinition method, Instruction conversion)
    {
        foreach (var origin in Origins(method.Body, conversion))
        {
            if (origin.OpCode.Code is Code.Ldstr)
            {
                _formats.Add(((Phrase)(string)origin.Operand)!.Format);
            }
            else if (origin.OpCode.Code is not Code.Ldnull)
            {
                _lost.Add($"{method.DeclaringType.Name}.{method.Name}");
            }
        }
    }

    // The instructions that leave the value which an instruction takes: before it, before jumps to it, or before it was put into a local.
    private static IEnumerable<Instruction> Origins(Mono.Cecil.Cil.MethodBody body, Instruction taker)
    {
        // Before a conditional jump (`??`) the value is asked after by way of a copy.
        var before = body.Instructions.Where(instruction => instruction.Operand == taker)
            .Select(jump => jump.Previous.OpCode.Code == Code.Dup ? jump.Previous.Previous : jump.Previous);
        if (taker.Previous.OpCode.FlowControl is not (FlowControl.Branch or FlowControl.Return or FlowControl.Throw))
        {
            before = before.Append(taker.Previous);
        }

        return before.SelectMany(origin => LocalOf(origin, "ldloc") is { } local
            ? body.Instructions.Where(instruction => LocalOf(instruction, "stloc") == local).SelectMany(store => Origins(body, store))
            : [origin]);
    }

    private static int? LocalOf(Instruction instruction, string verb) =>
        !instruction.OpCode.Name.StartsWith(verb, StringComparison.Ordinal) ? null
        : instruction.Operand is VariableDefinition variable ? variable.Index
        : int.Parse(instruction.OpCode.Name.Split('.')[1], CultureInfo.InvariantCulture);

    private static bool IsFinding(Instruction instruction) => instruction.Operand is MethodReference called
        && called.Parameters.Any(parameter => parameter.ParameterType.FullName == "System.Object[]")
        && (called.DeclaringType.FullName == typeof(DiagnosticDescriptor).FullName || called.Parameters.Any(parameter => parameter.ParameterType.FullName == typeof(DiagnosticDescriptor).FullName));

    private static int Number(Instruction instruction) => instruction.OpCode.Code switch
    {
        >= Code.Ldc_I4_0 and <= Code.Ldc_I4_8 and var code => code - Code.Ldc_I4_0,
        Code.Ldc_I4_S => (sbyte)instruction.Operand,
        _ => (int)instruction.Operand,
    };

    private sealed class Building(int letters, int holes)
    {
        private int _letters;
        private int _holes;

        public string Format { get; private set; } = "";

        public bool IsComplete => _letters == letters && _holes == holes;

        public void Add(string text)
        {
            _letters += text.Length;
            Format += ((Phrase)text)!.Format;
        }

        public void AddHole(string? format) => Format += format is null ? $"{{{_holes++}}}" : $"{{{_holes++}:{format}}}";
    }
}

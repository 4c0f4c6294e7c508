using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Rules;

/// <summary>What the arguments of a call to another server say about each other.</summary>
internal static class CallLaw
{
    public static void Check(Reading reading, ActionDescriptor action, SourceNode.Mapping step, Dictionary<string, Argument> arguments)
    {
        if (action.Main != ParameterType.Address)
        {
            return;
        }

        if (arguments.GetValueOrDefault("") is Argument.Text { Template.HoldsSecrets: true })
        {
            foreach (var (name, _) in arguments.Where(argument => argument.Key.Length > 0 && HoldsSecrets(argument.Value)))
            {
                reading.Report(RuleDiagnostics.SecretToAnywhere.At(step.Find(name)!.Key, name) with { Hint = "write the address out, or put all that is secret into the one address" });
            }
        }

        if (arguments.GetValueOrDefault("method") is Argument.Constant { Value.Text: "GET" or "HEAD" } method && step.Find("body") is { } body)
        {
            reading.Report(RuleDiagnostics.NoBody.At(body.Key, method.Value.Text) with { Hint = "write method: POST, or put values into the address" });
        }
    }

    private static bool HoldsSecrets(Argument argument) => argument switch
    {
        Argument.Text text => text.Template.HoldsSecrets,
        Argument.Mapping mapping => mapping.Entries.Values.Any(HoldsSecrets),
        Argument.Sequence sequence => sequence.Entries.Any(HoldsSecrets),
        _ => false,
    };
}

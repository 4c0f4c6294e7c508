using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary><c>state(key, per)</c></summary>
internal static class StateFunction
{
    public static Operation Bind(FunctionCall call)
    {
        if (call.Written(1) is { Kind: ValueKind.Text } written && !StateKey.Scopes.Contains(written.Text, StringComparer.Ordinal))
        {
            call.Refuse(1, $"state is kept per {string.Join(", ", StateKey.Scopes)}", $"write '{StateKey.Scopes[0]}', or leave it out for the account's own");
        }

        return new PassingCall(call, (arguments, scope) =>
        {
            if (arguments[0].IsNull)
            {
                return Value.Null;
            }

            var per = arguments.Length > 1 && !arguments[1].IsNull ? arguments[1].Text : null;
            if (per is not null && !StateKey.Scopes.Contains(per, StringComparer.Ordinal))
            {
                return Value.Error($"state is kept per {string.Join(", ", StateKey.Scopes)}");
            }

            var lookup = StateKey.Of(arguments[0].Text, per);
            return scope.Answers.TryGetValue(lookup, out var answer) ? answer : Value.Needs(lookup);
        });
    }
}

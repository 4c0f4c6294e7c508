using System.Globalization;
using System.Text;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Operations;

namespace MisskeyAutomations.Engine.Expressions.Functions;

/// <summary><c>mention plain raw link</c>: what a rule does with markup on purpose.</summary>
internal static class MarkupFunctions
{
    private const char ZeroWidthSpace = '\u200B';

    public static Operation Mention(FunctionCall call)
    {
        var user = call.Arguments[0];
        var properties = (user.Shape as Shape.ObjectShape)?.Properties ?? Schema.User.Properties;
        var username = new Member(user.Span, user, "username", properties.GetValueOrDefault("username"));
        var host = new Member(user.Span, user, "host", properties.GetValueOrDefault("host"));
        return new MentionCall(call, username, host);
    }

    public static Value Raw(ReadOnlySpan<Value> arguments, Scope scope) =>
        Texts.Of(arguments[0].ToText(), Marks.Private(arguments[0]) | ValueMarks.Markup);

    // A zero-width space behind every sign with which MFM begins something, within the words that make a search box, and before a
    // '>' that would begin a quote. Between two back-ticks anything is code, so they become full-width.
    public static Value Plain(ReadOnlySpan<Value> arguments, Scope scope)
    {
        var text = arguments[0].ToText();
        var builder = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];

            if ((c is '/' && builder.Length > 0 && builder[^1] == ':') || (c is '>' && (i == 0 || text[i - 1] is '\n' or '\r')))
            {
                builder.Append(ZeroWidthSpace);
            }

            builder.Append(c == '`' ? '｀' : c);
            if (c is '*' or '_' or '~' or '<' or '>' or '$' or '[' or '\\' or ':' or '?' || IsSearchWord(text.AsSpan(i)))
            {
                builder.Append(ZeroWidthSpace);
            }
        }

        return Texts.Of(builder.ToString(), Marks.Private(arguments[0]));
    }

    private static bool IsSearchWord(ReadOnlySpan<char> text) =>
        text.StartsWith("検索") || text.StartsWith("search", StringComparison.OrdinalIgnoreCase);

    public static Value Link(ReadOnlySpan<Value> arguments, Scope scope)
    {
        if (arguments[0].IsNull)
        {
            return arguments[1];
        }

        var url = arguments[0].Text.Trim();
        if (!WebAddress.TryRead(url, out var uri) || uri.UserInfo.Length > 0 || HostName.Of(uri) is not { } host)
        {
            return Value.Error("link takes http and https addresses only");
        }

        var address = Address(uri, host);
        var label = arguments[1].IsNull || arguments[1].ToText().Length == 0 ? Value.Of(host) : arguments[1];
        return Texts.Concatenate(
            Value.Of("[", ValueMarks.Markup),
            Texts.Of(Texts.ToMarkedText(label).Select(LabelText), Marks.Private(label)),
            Value.Of($"]({address})", ValueMarks.Markup | Marks.Private(arguments[0])));
    }

    // What Misskey's reader of MFM does not take for a part of an address is percent-encoded, and so is a full stop at its end.
    private static string Address(Uri uri, string host)
    {
        var port = uri.IsDefaultPort ? "" : $":{uri.Port}";
        var address = new StringBuilder($"{uri.Scheme}://{host}{port}");
        foreach (var c in $"{uri.PathAndQuery}{uri.Fragment}")
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or ',' or '_' or '/' or ':' or '%' or '#' or '@' or '$' or '&' or '?' or '!' or '~' or '=' or '+' or '-')
            {
                address.Append(c);
            }
            else
            {
                address.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            }
        }

        return address[^1] switch
        {
            '.' => address.Remove(address.Length - 1, 1).Append("%2E").ToString(),
            ',' => address.Remove(address.Length - 1, 1).Append("%2C").ToString(),
            _ => address.ToString(),
        };
    }

    // A label ends at the first ']' and at a line end.
    private static string LabelText(string part) => part.Replace(']', '］').Replace('\n', ' ').Replace('\r', ' ');

    private static bool IsUsername(string name) => name.Length is > 0 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // Letters, digits and inner hyphens between dots, two labels at least: what Misskey's reader of MFM takes whole.
    private static bool IsHost(string host) => host.Length <= 253 && host.Split('.') is { Length: > 1 } labels && labels.All(label =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    private sealed class MentionCall(FunctionCall call, Operation username, Operation host) : Operation(call.Span, Shape.Text)
    {
        public override IReadOnlyList<Operation> Operands { get; } = call.Arguments;

        public override Value Evaluate(Scope scope)
        {
            var name = username.Evaluate(scope);
            var server = host.Evaluate(scope);
            if (!name.IsKnown || !server.IsKnown)
            {
                return name.IsKnown ? server : name;
            }

            var marks = ValueMarks.Markup | Marks.Private(name);
            if (name.IsNull)
            {
                return Value.Null.With(marks);
            }

            return !IsUsername(name.Text) ? Value.Error("mention needs a user, and this one's name is not one that can be mentioned")
                : server.IsNull ? Value.Of($"@{name.Text}", marks)
                : IsHost(server.Text) ? Value.Of($"@{name.Text}@{server.Text}", marks)
                : Value.Error("mention needs a user, and this one's host is not one that can be mentioned");
        }
    }
}

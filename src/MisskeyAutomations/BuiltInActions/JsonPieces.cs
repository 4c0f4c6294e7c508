using System.Text;
using System.Text.Encodings.Web;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>Writes a value as JSON in which secrets keep their place: their values are escaped and put in when it is sent.</summary>
internal sealed class JsonPieces
{
    private readonly List<TextPiece> _pieces = [];
    private readonly StringBuilder _text = new();

    private JsonPieces()
    {
    }

    /// <summary>Compact JSON in pieces.</summary>
    public static IReadOnlyList<TextPiece> Of(Value value)
    {
        var writer = new JsonPieces();
        writer.Write(value);
        writer.EndText();
        return writer._pieces;
    }

    /// <summary>A text as it stands between the quotes of JSON.</summary>
    public static string Escape(string text) => JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text);

    private void Write(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Map:
                WriteAll('{', value.Map!.Entries, '}', entry =>
                {
                    _text.Append('"').Append(Escape(entry.Key)).Append("\":");
                    Write(entry.Value);
                });
                break;
            case ValueKind.List:
                WriteAll('[', value.List, ']', Write);
                break;
            case ValueKind.Text:
                WriteText(value.MarkedText);
                break;
            default:
                _text.Append(value.ToJson());
                break;
        }
    }

    private void WriteAll<T>(char open, IEnumerable<T> entries, char close, Action<T> write)
    {
        _text.Append(open);
        var isFirst = true;
        foreach (var entry in entries)
        {
            _text.Append(isFirst ? "" : ",");
            write(entry);
            isFirst = false;
        }

        _text.Append(close);
    }

    private void WriteText(MarkedText text)
    {
        _text.Append('"');
        foreach (var piece in text.Pieces)
        {
            if (piece is TextPiece.Written written)
            {
                _text.Append(Escape(written.Text));
                continue;
            }

            EndText();
            _pieces.Add(piece);
        }

        _text.Append('"');
    }

    private void EndText()
    {
        if (_text.Length > 0)
        {
            _pieces.Add(new TextPiece.Written(_text.ToString()));
            _text.Clear();
        }
    }
}

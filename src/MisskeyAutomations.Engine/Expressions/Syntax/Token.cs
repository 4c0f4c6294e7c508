using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Expressions.Syntax;

/// <summary>The kinds of words and signs of an expression.</summary>
internal enum TokenKind
{
    /// <summary>The end of the expression.</summary>
    End,

    /// <summary>A name: a variable, a property or a function.</summary>
    Name,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A duration, in seconds.</summary>
    Duration,

    /// <summary>A text; the token's text is without quotes.</summary>
    Text,

    /// <summary>A regular expression; the token's text is its pattern.</summary>
    Regex,

    /// <summary>An operator in its canonical spelling, among them <c>and or not in notin ! - ? :</c>.</summary>
    Operator,

    /// <summary>One of <c>( ) [ ] , .</c></summary>
    Punctuation,
}

/// <summary>One word or sign.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Span">Where it stands in the slice.</param>
/// <param name="Text">Canonical spelling or content.</param>
/// <param name="Number">The value of numbers and durations; for regular expressions 1 when case is ignored.</param>
internal readonly record struct Token(TokenKind Kind, TextSpan Span, string Text, double Number = 0)
{
    /// <summary>Whether it is this sign or operator.</summary>
    public bool Is(string text) => Kind is TokenKind.Operator or TokenKind.Punctuation && Text == text;

    /// <summary>Whether a value ends with it, so that an operator must follow.</summary>
    public bool EndsValue => Kind switch
    {
        TokenKind.Operator or TokenKind.End => false,
        TokenKind.Punctuation => Text is ")" or "]",
        _ => true,
    };

    /// <summary>Whether no operator is due after a value: the end, a comma or a closing bracket.</summary>
    public bool EndsOperand => Kind == TokenKind.End || Is(",") || Is(")") || Is("]");
}

using System.Runtime.CompilerServices;

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>
/// A piece of English for people that can be said in another language: a format with <c>{0}</c> holes, which is its key in a
/// <see cref="Translation"/>, and what fills the holes. Texts and interpolated strings become phrases by themselves, so that
/// <c>$"write {number}m"</c> has the key <c>write {0}m</c>. Texts that are put together before (by <c>+</c>, or by <c>? :</c> and
/// <c>switch</c> over interpolated strings that are not typed as phrases) cannot be translated.
/// </summary>
[InterpolatedStringHandler]
public sealed class Phrase : IEquatable<Phrase>
{
    private readonly object[] _arguments;
    private int _filled;

    /// <summary>For the compiler: an interpolated string begins.</summary>
    public Phrase(int literalLength, int formattedCount)
    {
        _ = literalLength;
        _arguments = formattedCount == 0 ? [] : new object[formattedCount];
        Format = "";
    }

    private Phrase(string format) => (_arguments, Format) = ([], format);

    /// <summary>The English text with its holes; braces that are meant as such are doubled. The key of its translations.</summary>
    public string Format { get; private set; }

    /// <summary>What fills the holes: names and numbers, which are the same in every language, or further phrases.</summary>
    public IReadOnlyList<object> Arguments => _arguments;

    /// <summary>A text as it stands.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(text))]
    public static implicit operator Phrase?(string? text) => text is null ? null : new(Escape(text));

    /// <summary>The phrase itself: how a literal becomes one where any object would do, as in the arguments of a diagnostic.</summary>
    public static Phrase Of(Phrase phrase) => phrase;

    /// <summary>For the compiler: text between the holes.</summary>
    public void AppendLiteral(string value) => Format += Escape(value);

    /// <summary>For the compiler: a hole.</summary>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>For the compiler: a hole.</summary>
    public void AppendFormatted(ReadOnlySpan<char> value) => AppendFormatted(value.ToString());

    /// <summary>For the compiler: a hole with a format such as <c>N0</c>.</summary>
    public void AppendFormatted<T>(T value, string? format)
    {
        Format += format is null ? $"{{{_filled}}}" : $"{{{_filled}:{format}}}";
        _arguments[_filled++] = value is null ? "" : value;
    }

    /// <summary>The phrase in another language.</summary>
    public string In(Translation translation) => translation.Say(Format, _arguments);

    /// <summary>The phrase in English.</summary>
    public override string ToString() => In(Translation.English);

    /// <summary>Whether both say the same.</summary>
    public bool Equals(Phrase? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Phrase);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(ToString());

    private static string Escape(string text) => text.AsSpan().ContainsAny('{', '}')
        ? text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)
        : text;
}

using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>A language that findings are told in. What it has no text for is told in English.</summary>
public sealed class Translation
{
    private static readonly Lazy<Translation> LazyJapanese = new(() => new("ja", ReadEmbedded("ja")));

    private readonly FrozenDictionary<string, string> _texts;

    private Translation(string language, FrozenDictionary<string, string> texts) => (Language, _texts) = (language, texts);

    /// <summary>The language that the texts are written in.</summary>
    public static Translation English { get; } = new("en", FrozenDictionary<string, string>.Empty);

    /// <summary>Japanese: <c>ja.po</c> beside this file.</summary>
    public static Translation Japanese => LazyJapanese.Value;

    /// <summary>The language's code (ISO 639): <c>en</c>, <c>ja</c>.</summary>
    public string Language { get; }

    /// <summary>The texts by their English formats.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>The language of a code such as <c>ja</c> or <c>ja_JP.UTF-8</c>; null when it is none that findings are told in.</summary>
    public static Translation? Find(string code) => code.Split('_', '-', '.', '@')[0].ToLowerInvariant() switch
    {
        "ja" => Japanese,
        "en" or "c" or "posix" => English,
        _ => null,
    };

    /// <summary>A format in this language, with its holes filled.</summary>
    /// <param name="format">The English format: the key.</param>
    /// <param name="arguments">What fills its holes; phrases among them are told in this language too.</param>
    public string Say(string format, IReadOnlyList<object> arguments)
    {
        var told = new object[arguments.Count];
        for (var i = 0; i < told.Length; i++)
        {
            told[i] = arguments[i] is Phrase phrase ? phrase.In(this) : arguments[i];
        }

        return _texts.TryGetValue(format, out var text) ? JapaneseSpacing.Fill(text, told) : string.Format(CultureInfo.InvariantCulture, format, told);
    }

    private static FrozenDictionary<string, string> ReadEmbedded(string language)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"MisskeyAutomations.Engine.Diagnostics.{language}.po")
            ?? throw new InvalidOperationException($"The texts in '{language}' are not part of the program.");
        using var reader = new StreamReader(stream);
        return PoFile.Read(reader).ToFrozenDictionary(StringComparer.Ordinal);
    }
}

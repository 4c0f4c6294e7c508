using System.Collections.Frozen;
using System.Reflection;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Engine.Editors;

/// <summary>What editors show of keys, triggers, steps and properties, in other languages: <c>ja.po</c> beside this file, and the translations of findings.</summary>
public static class EditorTexts
{
    private static readonly Lazy<FrozenDictionary<string, string>> LazyJapanese = new(ReadJapanese);

    /// <summary>The texts in a language by their English ones, which stand for themselves; none for English.</summary>
    public static IReadOnlyDictionary<string, string> In(Translation language) =>
        language.Language == "ja" ? LazyJapanese.Value : FrozenDictionary<string, string>.Empty;

    /// <summary>A text in a language: in the words of findings and explanations where those have it; in English where nobody has.</summary>
    internal static string Say(string text, Translation language) =>
        Phrase.Of(text).In(language) is var told && told != text ? told : In(language).GetValueOrDefault(text, text);

    private static FrozenDictionary<string, string> ReadJapanese()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("MisskeyAutomations.Engine.Editors.ja.po")
            ?? throw new InvalidOperationException("The Japanese texts are not part of the program.");
        using var reader = new StreamReader(stream);
        return PoFile.Read(reader).ToFrozenDictionary(StringComparer.Ordinal);
    }
}

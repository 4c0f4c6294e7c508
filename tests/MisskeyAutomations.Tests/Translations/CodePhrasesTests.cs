using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Tests.Docs;
using Mono.Cecil;
using Mono.Cecil.Cil;
using YamlDotNet.Core;

namespace MisskeyAutomations.Tests.Translations;

/// <summary>
/// Nothing in the code is told in English alone. What fails here lists the entries that <c>ja.po</c> lacks as they are written there:
/// put them into the file and fill in their <c>msgstr</c>.
/// </summary>
public sealed class CodePhrasesTests
{
    /// <summary>They tell what stands in the tables below, and what the reader of YAML says.</summary>
    private static readonly string[] TellTables = ["ConnectCommand.PrintPermissions", "EditorTexts.Say", "Reasons.Told", "ScopesCommand.Print", "StepReader.CheckNeeds", "Texts.Permission", "TriggerReader.HintFor", "TriggerReader.ReadPlace", "TriggerReader.ReadWord", "Wordings.Row", "YamlFault.Plain"];

    // Directives are refused with a code of their own; the rest would be faults of the reader itself.
    private static readonly string[] OfAnotherCode = ["irective", "<stream-start>", "no more tokens", "Not at a break"];

    private static readonly CodePhrases Phrases = new(typeof(Phrase).Assembly, typeof(ExitCodes).Assembly);

    private static readonly string[] OfTables =
    [
        .. EventTypes.Places.SelectMany(place => (string[])[place.Takes, place.Doc]),
        .. EventTypes.All.Select(type => type.Doc),
        .. ActionTable.Descriptors.Select(step => step.Doc),
        .. ActionTable.Descriptors.SelectMany(step => step.Options).Where(option => option.IsRequired).Select(option => option.Doc),
        .. EndpointTable.Names.Select(EndpointTable.PermissionOf).OfType<string>().Select(Permissions.TitleOf).OfType<string>().Distinct(StringComparer.Ordinal),
        .. SentencesOfYaml().Select(sentence => ((Phrase)sentence).Format),
    ];

    [Fact]
    public void Every_phrase_in_the_code_is_told_in_Japanese()
    {
        string[] missing =
        [
            .. Phrases.Formats.Concat(OfTables).Where(Untranslated.HasWords)
                .Where(format => !Translation.Japanese.Texts.ContainsKey(format)).Distinct(StringComparer.Ordinal),
        ];

        Assert.InRange(Phrases.Formats.Count, 500, int.MaxValue);
        Assert.True(missing.Length == 0, "ja.po lacks:\n\n" + string.Join('\n', missing.Select(PoFile.Entry)));
    }

    [Fact]
    public void Every_translation_is_of_something_in_the_code()
    {
        var known = Phrases.Formats.Concat(OfTables).Concat(Codes.All.Select(row => row.Message)).ToHashSet(StringComparer.Ordinal);

        AssertNone(Translation.Japanese.Texts.Keys.Where(key => !known.Contains(key)));
    }

    [Fact]
    public void No_phrase_is_made_of_a_text_that_was_put_together_before() => AssertNone(Phrases.Lost.Except(TellTables));

    [Fact]
    public void No_finding_is_given_bare_English() => AssertNone(Phrases.Bare);

    // What follows the comma in sentences such as `While parsing a node, did not find expected node content.`
    private static IEnumerable<string> SentencesOfYaml()
    {
        using var module = ModuleDefinition.ReadModule(typeof(YamlException).Assembly.Location);
        return [.. module.GetTypes().Where(type => type.FullName is "YamlDotNet.Core.Parser" or "YamlDotNet.Core.Scanner")
            .SelectMany(type => type.Methods).Where(method => method.HasBody).SelectMany(method => method.Body.Instructions)
            .Where(instruction => instruction.OpCode.Code == Code.Ldstr).Select(instruction => (string)instruction.Operand)
            .Where(text => text.Contains(' ', StringComparison.Ordinal) && !OfAnotherCode.Any(part => text.Contains(part, StringComparison.Ordinal)))
            .Select(text => text[(text.IndexOf(", ", StringComparison.Ordinal) is var comma and >= 0 ? comma + 2 : 0)..].Trim().TrimEnd('.'))];
    }

    // The whole list, for whoever mends it.
    private static void AssertNone(IEnumerable<string> found) => Assert.True(!found.Any(), string.Join('\n', found));
}

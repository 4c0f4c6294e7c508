using System.CommandLine;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Editors;

namespace MisskeyAutomations.Cli;

/// <summary><c>schema</c>: the JSON Schema of rule files, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Describe()
    {
        var output = new Option<string?>("--output") { Description = "Write it into this file instead of printing it", HelpName = "FILE" };
        var lang = new Option<string?>("--lang") { Description = "Explain in this language: en or ja (default: both)" };
        lang.AcceptOnlyFromAmong("en", "ja");
        var command = new Command("schema", "Print the JSON Schema of rule files, by which editors complete, explain and check them") { output, lang };
        command.SetAction(parsed => Run(parsed.GetValue(output), parsed.GetValue(lang)));
        return command;
    }

    /// <summary>The schema that is printed, in this language; null for both.</summary>
    internal static string Write(string? lang) => EditorSchema.Write(
        ActionTable.For(allowAdmin: false), lang is null ? [Translation.English, Translation.Japanese] : [Translation.Find(lang)!]);

    private static int Run(string? output, string? lang)
    {
        if (output is null)
        {
            Console.Write(Write(lang));
            return ExitCodes.Done;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        File.WriteAllText(output, Write(lang));
        Console.WriteLine($"{output} was written. Rule files beside it begin with: # yaml-language-server: $schema={Path.GetFileName(output)}");
        return ExitCodes.Done;
    }
}

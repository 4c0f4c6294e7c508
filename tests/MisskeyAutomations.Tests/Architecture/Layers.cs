namespace MisskeyAutomations.Tests.Architecture;

/// <summary>Who may use whom: the table of <c>docs/architecture.md</c>, which a test holds against this one.</summary>
internal static class Layers
{
    private const string Engine = "MisskeyAutomations.Engine.";
    private const string Program = "MisskeyAutomations.";

    public static readonly IReadOnlyDictionary<string, string[]> MayUse = new Dictionary<string, string[]>
    {
        [Engine + "Diagnostics"] = [],
        [Engine + "Events"] = [],
        [Engine + "Expressions"] = Of("Diagnostics", "Events"),
        [Engine + "Actions"] = Of("Diagnostics", "Events", "Expressions"),
        [Engine + "Rules"] = Of("Diagnostics", "Events", "Expressions", "Actions"),
        [Engine + "Explanations"] = Of("Diagnostics", "Events", "Expressions", "Actions", "Rules"),
        [Engine + "Runs"] = Of("Diagnostics", "Events", "Expressions", "Actions", "Rules"),
        [Engine + "RuleTests"] = Of("Diagnostics", "Events", "Expressions", "Actions", "Rules", "Runs"),
        [Engine + "Editors"] = Of("Diagnostics", "Events", "Expressions", "Actions", "Rules", "RuleTests"),
        [Program + "Accounts"] = [],
        [Program + "Telemetry"] = [.. Of("Runs"), Program + "Accounts"],
        [Program + "Sockets"] = [],
        [Program + "Misskey"] = [.. Of("Diagnostics", "Events", "Expressions", "Actions", "Runs"), Program + "Accounts", Program + "Telemetry", Program + "Sockets"],
        [Program + "Outside"] = [Program + "Telemetry", Program + "Sockets"],
        [Program + "BuiltInActions"] =
            [.. Of("Diagnostics", "Events", "Expressions", "Actions"), Program + "Accounts", Program + "Misskey", Program + "Outside"],
        [Program + "Inbox"] = [.. Of("Events", "Rules", "Runs"), Program + "Accounts", Program + "Telemetry"],
        [Program + "Storage"] = [.. Of("Events", "Actions", "Rules", "Runs"), Program + "Accounts", Program + "Telemetry", Program + "Inbox"],
        [Program + "Connecting"] =
            [.. Of("Diagnostics", "Events", "Actions", "Rules", "Runs"), Program + "Accounts", Program + "Misskey", Program + "Inbox", Program + "Storage", Program + "Sources"],
        [Program + "Checkup"] =
            [.. Of("Diagnostics", "Events", "Actions", "Rules"), Program + "Accounts", Program + "Misskey", Program + "Connecting", Program + "Sockets"],
        [Program + "RuleFiles"] = [.. Of("Diagnostics", "Actions", "Rules", "Runs"), Program + "Telemetry"],
        [Program + "Recipes"] =
            [.. Of("Diagnostics", "Events", "Expressions", "Actions", "Rules"), Program + "BuiltInActions", Program + "Connecting", Program + "RuleFiles"],
        [Program + "Scheduling"] = [.. Of("Events", "Actions", "Rules", "Runs"), Program + "Accounts", Program + "Telemetry", Program + "Inbox"],
        [Program + "Sources"] = [.. Of("Events", "Actions", "Rules", "Runs"), Program + "Accounts", Program + "Telemetry", Program + "Misskey", Program + "Inbox"],
        [Program + "Oversight"] =
        [
            .. Of("Diagnostics", "Events", "Expressions", "Actions", "Rules", "Runs", "RuleTests"), Program + "Accounts", Program + "Misskey", Program + "BuiltInActions",
            Program + "Inbox", Program + "Storage", Program + "Sources",
        ],
        [Program + "Control"] = [.. Of("Diagnostics", "Events", "Rules", "Runs"), Program + "Inbox", Program + "Storage", Program + "Scheduling"],
        [Program + "Api"] =
        [
            .. Of("Diagnostics", "Events", "Expressions", "Actions", "Rules", "Explanations", "Runs", "RuleTests"), Program + "Accounts", Program + "Misskey", Program + "Inbox",
            Program + "Storage", Program + "Connecting", Program + "Oversight", Program + "Control",
        ],
        [Program + "Webhooks"] = [.. Of("Events"), Program + "Accounts", Program + "Telemetry", Program + "Sockets", Program + "Inbox"],
        [Program + "Dashboard"] =
        [
            .. Of("Diagnostics", "Events", "Expressions", "Actions", "Rules", "Explanations", "Runs", "RuleTests", "Editors"), Program + "Accounts", Program + "Telemetry",
            Program + "Sockets", Program + "Misskey", Program + "BuiltInActions", Program + "Inbox", Program + "Storage", Program + "Connecting", Program + "Checkup", Program + "RuleFiles", Program + "Recipes",
            Program + "Scheduling", Program + "Sources", Program + "Health", Program + "Oversight", Program + "Control", Program + "Api", Program + "Sandbox",
        ],
        [Program + "Health"] =
        [
            .. Of("Diagnostics", "Events", "Expressions", "Actions", "Rules", "Runs"), Program + "Accounts", Program + "Telemetry", Program + "Misskey", Program + "Outside",
            Program + "Inbox", Program + "Storage", Program + "RuleFiles", Program + "Sources",
        ],
    };

    /// <summary>The packages that one folder alone may see.</summary>
    public static readonly IReadOnlyDictionary<string, string> OnlyIn = new Dictionary<string, string>
    {
        ["NCalc"] = Engine + "Expressions",
        ["YamlDotNet"] = Engine + "Rules",
        ["Refit"] = Program + "Misskey",
        ["Microsoft.Data.Sqlite"] = Program + "Storage",
        ["SQLitePCL"] = Program + "Storage",
        ["Dapper"] = Program + "Storage",
        ["Npgsql"] = Program + "Storage",
        ["DbUp"] = Program + "Storage",
        ["Quartz"] = Program + "Scheduling",
        ["OpenTelemetry"] = Program + "Telemetry",
        ["System.CommandLine"] = Program + "Cli",
        ["Spectre.Console"] = Program + "Cli",
        ["QRCoder"] = Program + "Cli",
    };

    private static string[] Of(params string[] folders) => [.. folders.Select(folder => Engine + folder)];
}

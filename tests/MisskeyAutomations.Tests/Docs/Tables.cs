using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions.Functions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Tests.Architecture;
using ParameterType = MisskeyAutomations.Engine.Actions.ParameterType;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>The tables of the documentation, made from those of the code.</summary>
internal static class Tables
{
    public static readonly IReadOnlyDictionary<string, Func<string>> All = new Dictionary<string, Func<string>>(StringComparer.Ordinal)
    {
        ["metrics"] = MetricRows,
        ["events"] = Events,
        ["variables"] = Variables,
        ["user"] = () => Properties(Schema.User),
        ["note"] = () => Properties(Schema.Note),
        ["others"] = Others,
        ["functions"] = Functions,
        ["steps"] = Steps,
        ["options"] = Options,
        ["budgets"] = Budgets,
        ["permissions"] = Permissions,
        ["layers"] = LayerTable,
        ["packages"] = PackageTable,
        ["diagnostics"] = Codes.Index,
        ["diagnostics-ja"] = Codes.JapaneseIndex,
        ["recipes"] = RecipeTable.Write,
    };

    private static string Events() => Table(
        ["`on:`", "happens when", "told by", "variables"],
        EventTypes.All.Select(type => (string[])[$"`{type.Name}`", type.Doc, ToldBy(type.Origin), Code(type.Variables.Keys)])
            .Append(["`{ cron: \"0 8 * * *\" }`", EventTypes.Cron.Doc, ToldBy(EventTypes.Cron.Origin), ""])
            .Concat(EventTypes.Places.Select(place => (string[])[$"`{{ {place.Key}: … }}`", $"{place.Doc}; it takes {place.Takes}", ToldBy(EventOrigin.Streaming), "`note` `user`"]))
            .Append(["`{ type: NAME }`", "any other webhook type arrives; its content is in `body`", "webhook", ""]));

    private static string ToldBy(EventOrigin origin) => origin switch
    {
        EventOrigin.Webhook => "webhook or streaming",
        EventOrigin.SystemWebhook => "[administrators' webhook](operating.md#webhooks-of-administrators)",
        EventOrigin.Notifications => "[streaming](operating.md#where-events-come-from) or [catching up](operating.md#catching-up)",
        EventOrigin.Streaming => "[streaming](operating.md#where-events-come-from)",
        EventOrigin.Engine => "[comparing followers](operating.md#who-left)",
        _ => "the clock",
    };

    private static string Variables() => Table(
        ["variable", "is", "given by"],
        EventTypes.Always.Select(pair => (string[])[$"`{pair.Key}`", WordOf(pair.Value), "every event"])
            .Concat(EventTypes.All.SelectMany(type => type.Variables).DistinctBy(pair => pair.Key).Select(pair => (string[])
                [$"`{pair.Key}`", WordOf(pair.Value), Code(EventTypes.All.Where(type => type.Variables.ContainsKey(pair.Key)).Select(type => type.Name))])));

    private static string Others() => Table(
        ["property", "is", "what it is", "from"],
        new[] { Schema.Me, Schema.Event, Schema.File, Schema.Response, Schema.Poll, Schema.Channel, Schema.Report }.SelectMany(shape =>
            shape.Properties.Values.Select(property => Row(property, $"{shape.Name}."))));

    private static string Properties(Shape.ObjectShape shape) => Table(
        ["property", "is", "what it is", "from"], shape.Properties.Values.Select(property => Row(property, "")));

    private static string[] Row(Property property, string before) =>
        [$"`{before}{property.Name}`", WordOf(property.Shape), property.Doc, SourceOf(property)];

    private static string SourceOf(Property property) => property switch
    {
        { Enrichment: LookupKind.UserShow } => "`users/show`",
        { Enrichment: LookupKind.UserRelation } => "`users/relation`",
        { Compute: not null } => "computed",
        _ => "",
    };

    private static string Functions() => Table(
        ["function", "gives"], FunctionTable.All.Select(function => (string[])[$"`{function.Signature}`", function.Doc]));

    private static string Steps() => Table(
        ["step", "takes", "does", "`as` keeps"],
        ActionTable.Descriptors.Select(step => (string[])[$"`{step.Name}`", WordOf(step.Main), step.Doc, step.Gives is { } gives ? $"the {gives}" : ""]));

    private static string Options() => Table(
        ["option", "takes", "meaning", "steps"],
        ActionTable.Descriptors.SelectMany(step => step.Options.Select(option => (step, option)))
            .GroupBy(pair => pair.option)
            .Select(group => (string[])[$"`{group.Key.Name}`", group.Key.Words is [] ? WordOf(group.Key.Type) : Code(group.Key.Words), (group.Key.IsRequired ? "Required. " : "") + group.Key.Doc, Code(group.Select(pair => pair.step.Name))]));

    private static string Budgets()
    {
        var defaults = new Defaults();
        return Table(
            ["budget", "unless set"],
            defaults.Budgets.Select(budget => (string[])[$"`budget: {budget.Key}`", PerOf(budget.Value)])
                .Append(["`replies: per-user`", PerOf(defaults.RepliesPerUser)])
                .Append(["`replies: per-thread`", PerOf(defaults.RepliesPerThread)]));
    }

    private static string Permissions() => Table(
        ["step", "endpoint", "permissions of the token", "budget", "event brings", "repeated when its effect is unknown"],
        ActionTable.Descriptors.Where(step => step.Assurances.Count > 0).Select(step => (string[])
        [
            $"`{step.Name}`", step.Endpoint is { } endpoint ? $"`{endpoint}`" : IsWeb(step) ? "none" : "any", PermissionsOf(step),
            step.Budget is { } budget ? $"`{budget}`" : step.Endpoint is null && !IsWeb(step) ? "by endpoint" : "",
            step.NeedsNote ? "a note, or `to`" : step.NeedsUser ? "a user, or `to`" : "",
            IsWeb(step) ? "yes, with `Idempotency-Key`" : step.Endpoint is null ? "by endpoint" : step.Repeat == Repeat.Natural ? "yes" : "never",
        ]));

    private static bool IsWeb(ActionDescriptor step) => step is { Main: ParameterType.Address, Endpoint: null };

    private static string PermissionsOf(ActionDescriptor step) => IsWeb(step) ? "none" : step.Permission is not { } permission ? "that of the endpoint" : Code(
        step.Lookups.Select(kind => MisskeyAutomations.Misskey.Permissions.For(kind.Endpoint!)).OfType<string>().Append(permission).Distinct(StringComparer.Ordinal));

    private static string LayerTable() => Table(
        ["folder", "may use"],
        Layers.MayUse.Select(pair => (string[])[$"`{Short(pair.Key)}`", pair.Value.Length == 0 ? "–" : Code(pair.Value.Select(Short))])
            .Append(["`Cli`", "everything"]));

    private static string PackageTable() => Table(
        ["package", "seen by"], Layers.OnlyIn.Select(pair => (string[])[$"`{pair.Key}`", $"`{Short(pair.Value)}`"]));

    private static string Short(string name) => name.Replace("MisskeyAutomations.", "", StringComparison.Ordinal).Replace("Engine.", "Engine/", StringComparison.Ordinal);

    private static string PerOf(Budget budget) => $"{budget.Max} per {(budget.Within.Hours > 0 ? $"{budget.Within.Hours}h" : $"{budget.Within.Minutes}m")}";

    private static string WordOf(Shape shape) => shape switch
    {
        Shape.TextShape => "text",
        Shape.NumberShape => "number",
        Shape.BooleanShape => "true or false",
        Shape.ListShape list => $"list of {(list.Element is Shape.TextShape ? "texts" : list.Element is Shape.ObjectShape { Open: false } entry ? $"{entry.Name}s" : "objects")}",
        Shape.ObjectShape { Open: true } => "object",
        Shape.ObjectShape known => $"a {known.Name}",
        _ => "anything",
    };

    private static string WordOf(ParameterType type) => type switch
    {
        ParameterType.Text => "text with `${…}`",
        ParameterType.User => "expression: a user",
        ParameterType.Note => "expression: a note",
        ParameterType.Users => "expression: users, or `'@name@host'`",
        ParameterType.Visibility => "`public` `home` `followers` `specified`",
        ParameterType.Reaction => "emoji, or a custom emoji's bare name",
        ParameterType.Boolean => "`true` or `false`",
        ParameterType.Duration => "duration",
        ParameterType.Files => "expression: files",
        ParameterType.Poll => "mapping: `choices` `multiple` `expires`",
        ParameterType.Json => "mapping",
        ParameterType.Endpoint => "endpoint",
        ParameterType.Address => "address with `${…}`",
        ParameterType.Headers => "mapping of texts with `${…}`",
        _ => "word",
    };

    private static string Code(IEnumerable<string> names) => string.Join(' ', names.Select(name => $"`{name}`"));

    internal static string Table(string[] head, IEnumerable<string[]> rows) => string.Concat(
        ((string[][])[head, [.. head.Select(_ => "---")], .. rows]).Select(row => $"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n"));

    private static string MetricRows() => "| metric in Prometheus | labels | tells |\n| --- | --- | --- |\n" + string.Concat(MisskeyAutomations.Telemetry.MetricTable.All.Select(metric =>
        $"| `{metric.PrometheusName}` | {string.Join(' ', metric.Labels.Select(label => $"`{label}`"))} | {metric.Doc} |\n"));
}

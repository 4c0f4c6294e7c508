using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Engine.Tests.Rules;

/// <summary>A table of steps as the program has it, as far as reading rules goes.</summary>
internal static class SomeActions
{
    private static readonly Parameter To = new("to", ParameterType.Note, "the note");

    private static readonly Parameter[] Posting =
    [
        new("cw", ParameterType.Text, "the content warning"),
        new("visibility", ParameterType.Visibility, "who sees it"),
        new("local-only", ParameterType.Boolean, "whether it stays on this server"),
        new("files", ParameterType.Files, "files to attach"),
    ];

    public static readonly IReadOnlyList<ActionDescriptor> All =
    [
        Step("follow", ParameterType.User),
        Step("unfollow", ParameterType.User),
        Step("reply", ParameterType.Text, [To, .. Posting]) with { NeedsNote = true, Answers = true, Gives = "note" },
        Step("note", ParameterType.Text, Posting) with { Gives = "note" },
        Step("renote", ParameterType.Note, new Parameter("visibility", ParameterType.Visibility, "who sees it")) with { NeedsNote = true, Gives = "note" },
        Step("react", ParameterType.Reaction, To) with { NeedsNote = true, Answers = true },
        Step("dm", ParameterType.Text, [new("to", ParameterType.Users, "who gets it"), .. Posting]) with { NeedsUser = true, Answers = true, Gives = "note" },
        Step("mute", ParameterType.User, new Parameter("expires", ParameterType.Duration, "how long")),
        Step("api", ParameterType.Endpoint, new Parameter("with", ParameterType.Json, "the request's body")) with { Gives = "the answer", KnownEndpoints = ["notes/create", "notes/show", "users/show", "i/notifications"] },
        Step("log", ParameterType.Text, new Parameter("level", ParameterType.Word, "how grave it is")),
    ];

    private static ActionDescriptor Step(string name, ParameterType main, params Parameter[] options) =>
        new() { Name = name, Doc = name, Main = main, Options = options, Repeat = Repeat.Natural };
}

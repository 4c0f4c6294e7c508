using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;

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
        new("poll", ParameterType.Poll, "a poll"),
    ];

    private static readonly EndpointShape[] Shapes =
    [
        new()
        {
            Name = "notes/create",
            OneOf = [["text"], ["fileIds"], ["poll"]],
            Parameters =
            [
                new("text", EndpointValue.Text) { Least = 1, Most = 3000, Nullable = true },
                new("visibility", EndpointValue.Text) { Words = ["public", "home", "followers", "specified"] },
                new("localOnly", EndpointValue.Boolean),
                new("fileIds", EndpointValue.List) { Element = EndpointValue.Id, Least = 1, Most = 16 },
                new("poll", EndpointValue.Mapping) { Nullable = true },
            ],
        },
        new() { Name = "notes/show", Answer = Schema.Note, Parameters = [new("noteId", EndpointValue.Id) { Required = true }] },
        new()
        {
            Name = "users/show",
            Answer = Schema.User,
            ListedBy = "userIds",
            OneOf = [["userId"], ["userIds"], ["username"]],
            Parameters = [new("userId", EndpointValue.Id), new("userIds", EndpointValue.List) { Element = EndpointValue.Id }, new("username", EndpointValue.Text)],
        },
        new() { Name = "i/notifications", Parameters = [new("limit", EndpointValue.Whole) { Least = 1, Most = 100 }] },
        new() { Name = "users/notes", Answer = Shape.List(Schema.Note), Parameters = [new("userId", EndpointValue.Id) { Required = true }] },
        new() { Name = "i/update" },
        new()
        {
            Name = "test",
            Parameters = [.. new[] { "n", "b", "z", "t", "id", "l", "text", "deep" }.Select(name => new EndpointParameter(name, EndpointValue.Any))],
        },
    ];

    private static readonly EndpointCatalogue Endpoints = new()
    {
        Names = [.. Shapes.Select(shape => shape.Name), "i/delete-account"],
        Find = name => Array.Find(Shapes, shape => shape.Name == name),
        Refusal = name => name == "i/delete-account" ? "it could give the account away, lock its owner out or end it" : null,
        NeedsAdmin = name => name == "i/update",
        ParameterRefusal = (_, name) => name == "i" ? "the token is the account's own, and the engine adds it" : null,
    };

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
        Step("clip", ParameterType.Note, new Parameter("to", ParameterType.Text, "The clip, by its name or its id.") { IsRequired = true }) with { Lookups = [LookupKind.OwnClips] },
        Step("notify", ParameterType.Text) with { Assurances = [Assurance.AtMostOnce, Assurance.AtLeastOnce] },
        Step("api", ParameterType.Endpoint, new Parameter("with", ParameterType.Json, "the request's body"), new Parameter("unlisted", ParameterType.Boolean, "it is there")) with { Gives = "the answer", Endpoints = Endpoints },
        Step("http", ParameterType.Address, new("method", ParameterType.Word, "how") { Words = ["GET", "POST"] }, new("headers", ParameterType.Headers, "headers"), new("body", ParameterType.Json, "what is sent")) with { TakesSecrets = true, Gives = "response" },
        Step("upload", ParameterType.Address) with { Gives = "file" },
        Step("log", ParameterType.Text, new Parameter("level", ParameterType.Word, "how grave it is") { Words = ["info", "error"] }) with { Assurances = [] },
    ];

    private static ActionDescriptor Step(string name, ParameterType main, params Parameter[] options) =>
        new() { Name = name, Doc = name, Main = main, Options = options, Repeat = Repeat.Natural };
}

using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>log: TEXT</c>.</summary>
internal sealed partial class LogAction(ILoggerFactory loggers) : IAction
{
    private const int MaxLength = 2000;
    private static readonly string[] Levels = ["debug", "info", "warning", "error"];

    private readonly ILogger _logger = loggers.CreateLogger("Rule");

    public static ActionDescriptor Row { get; } = new()
    {
        Name = "log",
        Doc = "Writes a line to the program's log.",
        Main = ParameterType.Text,
        Options = [new("level", ParameterType.Word, "debug, info, warning or error; info unless given.") { Words = Levels }],
        Assurances = [],
        Repeat = Repeat.Natural,
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input)
    {
        if (PrivateText.IsHeldBack(input, ""))
        {
            return PrivateText.Refusal;
        }

        var level = input["level"].IsNull ? "info" : input["level"].ToText();
        if (LevelOf(level) is null)
        {
            return new Preparation.Invalid($"This is not a level: {Words.OneLine(level, 40)}.");
        }

        var text = input.Main.ToText();
        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = "",
            Body = RequestBody.Write(json =>
            {
                json.WriteString("level", level);
                json.WriteString("text", text);
            }),
            Repeat = Row.Repeat,
            Summary = Summary.Of("log", text),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(intent.Body);
        var text = Words.Escape(body.RootElement.GetText("text") ?? "", MaxLength);
        var level = LevelOf(body.RootElement.GetText("level") ?? "info") ?? LogLevel.Information;
        Write(_logger, level, account, text);
        return Task.FromResult<ActionOutcome>(new ActionOutcome.Done());
    }

    private static LogLevel? LevelOf(string word) => word switch
    {
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        _ => null,
    };

    [LoggerMessage(EventId = 1001, Message = "{Account}: {Text}")]
    private static partial void Write(ILogger logger, LogLevel level, string account, string text);
}

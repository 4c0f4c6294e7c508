using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>report: user</c>.</summary>
internal sealed class ReportAction(MisskeySender misskey) : IAction
{
    private const int MaxLength = 2048; // Misskey's own.

    public static ActionDescriptor Row { get; } = new()
    {
        Name = "report",
        Doc = "Reports a user to the moderators of the server.",
        Main = ParameterType.User,
        Options = [new("comment", ParameterType.Text, "What the moderators should know.") { IsRequired = true }],
        Endpoint = "users/report-abuse",
        Permission = "write:report-abuse",
        Budget = "reports",
        Lookups = [LookupKind.UserShow],
        Repeat = Repeat.Never,
        Assurances = [Assurance.AtMostOnce, Assurance.AtLeastOnce],
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input)
    {
        if (!UserArgument.TryFindOther(input, Row.Name, out var person, out var instead))
        {
            return instead;
        }

        var comment = PostText.Of(input["comment"]);
        if (comment.IsEmpty)
        {
            return new Preparation.Skip("The comment came out empty, and Misskey takes no report without one.");
        }

        if (PrivateText.IsHeldBack(input, "comment"))
        {
            return PrivateText.Refusal;
        }

        var text = PostText.Cut(comment.Text, MaxLength);
        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = Row.Endpoint!,
            Body = RequestBody.Write(json =>
            {
                json.WriteString("userId", person.Id);
                json.WriteString("comment", text);
            }),
            Repeat = Row.Repeat,
            Budget = Row.Budget,
            Summary = Summary.Of($"report {person.Name}", text),
            Remarks = text == comment.Text ? [] : [$"The comment was cut at {MaxLength} characters, Misskey's limit."],
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}

using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>notify: TEXT</c>. Only the account itself sees it, so private text may stand in it.</summary>
internal sealed class NotifyAction(MisskeySender misskey) : IAction
{
    private const int MaxLength = 2000;
    private const int MaxHeaderLength = 200;

    public static ActionDescriptor Row { get; } = new()
    {
        Name = "notify",
        Doc = "Shows the account itself a notification in Misskey.",
        Main = ParameterType.Text,
        Options =
        [
            new("header", ParameterType.Text, "The line above it; the name of the token unless given."),
            new("icon", ParameterType.Text, "The address of a picture beside it."),
        ],
        Endpoint = "notifications/create",
        Permission = "write:notifications",
        Budget = "notifications",
        Repeat = Repeat.Never,
        Assurances = [Assurance.AtMostOnce, Assurance.AtLeastOnce],
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input)
    {
        var text = PostText.Of(input.Main);
        if (text.IsEmpty)
        {
            return new Preparation.Skip("The text came out empty.");
        }

        var icon = input["icon"].ToText().Trim();
        if (icon.Length > 0 && !WebAddress.TryRead(icon, out _))
        {
            return new Preparation.Invalid($"This is not the address of a picture: {Words.OneLine(icon, 40)}.");
        }

        var body = PostText.Cut(text.Text, MaxLength);
        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = Row.Endpoint!,
            Body = RequestBody.Write(json =>
            {
                json.WriteString("body", body);
                if (PostText.Of(input["header"]) is { IsEmpty: false } header)
                {
                    json.WriteString("header", PostText.Cut(header.Text, MaxHeaderLength));
                }

                if (icon.Length > 0)
                {
                    json.WriteString("icon", icon);
                }
            }),
            Repeat = Row.Repeat,
            Budget = Row.Budget,
            Summary = Summary.Of("notify", body),
            Remarks = body == text.Text ? [] : [$"The text was cut at {MaxLength} characters."],
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);
}

using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>react: star</c>.</summary>
internal sealed partial class ReactAction(MisskeySender misskey) : IAction
{
    public static ActionDescriptor Row { get; } = new()
    {
        Name = "react",
        Doc = "Reacts to a note: a custom emoji by its bare name, or a Unicode emoji. Replaces the account's earlier reaction.",
        Main = ParameterType.Reaction,
        Options = [new("to", ParameterType.Note, "The note to react to; the event's own unless given.")],
        Endpoint = "notes/reactions/create",
        Permission = "write:reactions",
        Budget = "reactions",
        Lookups = [LookupKind.NoteShow],
        NeedsNote = true,
        Answers = true,
        Repeat = Repeat.Natural,
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input)
    {
        var wish = input.Main.ToText().Trim();
        if (wish.Length == 0)
        {
            return new Preparation.Skip("The reaction came out empty.");
        }

        if (Spell(wish) is not { } reaction)
        {
            return new Preparation.Invalid($"This is not an emoji: {Words.OneLine(wish, 40)}.");
        }

        if (!NoteArgument.TryFind(input, "to", out var asked, out var instead)
            || !NoteArgument.TryUnwrap(input, asked, out var note, out instead))
        {
            return instead;
        }

        if (PrivateText.IsHeldBack(input, "") && !PrivateText.MayAnswer(input, note))
        {
            return PrivateText.Refusal;
        }

        var author = note.FindObject("user") is { } user ? NoteReading.Mention(user) : null;
        return new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = Row.Endpoint!,
            Body = RequestBody.Write(json =>
            {
                json.WriteString("noteId", note.GetText("id"));
                json.WriteString("reaction", reaction);
            }),
            Repeat = Row.Repeat,
            Budget = Row.Budget,
            Summary = Summary.Of($"react {reaction} to {author ?? $"note {note.GetText("id")}"}", text: null),
        });
    }

    public Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken) =>
        misskey.SendAsync(intent, account, cancellationToken);

    /// <summary>
    /// <c>star</c>, <c>:star:</c> and <c>:star@.:</c> (as Misskey stores it) are <c>:star:</c>; a Unicode emoji is itself. Misskey turns
    /// everything else into a heart without a word, so it is refused here.
    /// </summary>
    private static string? Spell(string wish) =>
        Custom().Match(wish) is { Success: true } custom ? $":{custom.Groups["name"].Value}:"
        : wish.Length <= 64 && !Ordinary().IsMatch(wish) ? wish
        : null;

    [GeneratedRegex(@"^(:(?<name>[A-Za-z0-9_+-]+)(@\.)?:|(?<name>[A-Za-z_+-][A-Za-z0-9_+-]*|[0-9][A-Za-z0-9_+-]+))\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Custom();

    /// <summary>Letters, white space and signs, which no Unicode emoji begins with. (The keycap emoji begin with digits, # and *.)</summary>
    [GeneratedRegex(@"^([\p{L}:@]|[0-9#*]\z)|[\s\p{Cc}]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Ordinary();
}

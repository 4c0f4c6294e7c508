using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>A person that a step is about.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Name">How people call them: <c>@bob</c>, or the id when no more is known.</param>
internal sealed record Person(string Id, string Name);

/// <summary>Finds the people that a step is about: users, ids, <c>@name@host</c>, or lists of them.</summary>
internal static partial class UserArgument
{
    /// <summary>One person.</summary>
    public static bool TryFind(ActionInput input, Value value, [NotNullWhen(true)] out Person? person, [NotNullWhen(false)] out Preparation? instead) =>
        TryResolve(input, value, out person, out instead) && StillThere.Is(input, person, out instead);

    private static bool TryResolve(ActionInput input, Value value, [NotNullWhen(true)] out Person? person, [NotNullWhen(false)] out Preparation? instead)
    {
        (person, instead) = (null, null);
        switch (value.Kind)
        {
            case ValueKind.Null:
                instead = new Preparation.Skip("There is no user to act on.");
                return false;
            case ValueKind.Map when value.Map!.Entries.TryGetValue("id", out var id) && Ids.IsValid(id.Text):
                person = new Person(id.Text, NameOf(value.Map) ?? id.Text);
                return true;
            case ValueKind.Text when Ids.IsValid(value.Text):
                person = new Person(value.Text, NameOf(input.Event, value.Text) ?? value.Text);
                return true;
            case ValueKind.Text when Acct().IsMatch(value.Text):
                return TryLookUp(input, value.Text, out person, out instead);
            default:
                instead = new Preparation.Invalid($"This is not a user: {Misskey.Words.OneLine(value.ToText(), 40)}.");
                return false;
        }
    }

    /// <summary>The person that a step's own key names; never the account itself.</summary>
    public static bool TryFindOther(ActionInput input, string action, [NotNullWhen(true)] out Person? person, [NotNullWhen(false)] out Preparation? instead)
    {
        if (TryFind(input, input.Main, out person, out instead) && person.Id == input.Event.MeId)
        {
            (person, instead) = (null, new Preparation.Skip($"The account cannot {action} itself."));
        }

        return instead is null;
    }

    /// <summary>One person or a list, each once.</summary>
    public static bool TryFindAll(ActionInput input, Value value, out List<Person> people, [NotNullWhen(false)] out Preparation? instead)
    {
        (people, instead) = ([], null);
        foreach (var entry in value.Kind == ValueKind.List ? value.List : [value])
        {
            if (!TryFind(input, entry, out var person, out instead))
            {
                return false;
            }

            if (!people.Exists(known => known.Id == person.Id))
            {
                people.Add(person);
            }
        }

        return true;
    }

    private static bool TryLookUp(ActionInput input, string acct, [NotNullWhen(true)] out Person? person, [NotNullWhen(false)] out Preparation? instead)
    {
        (person, instead) = (null, null);
        var lookup = new Lookup(LookupKind.UserShow, acct);
        if (!input.Scope.Answers.TryGetValue(lookup, out var answer))
        {
            instead = new Preparation.Needs(lookup);
            return false;
        }

        if (answer.Map is not { } map || !map.Entries.TryGetValue("id", out var id) || !Ids.IsValid(id.Text))
        {
            instead = new Preparation.Skip($"There is no user {acct}.");
            return false;
        }

        person = new Person(id.Text, acct);
        return true;
    }

    private static string? NameOf(Event @event, string id) =>
        @event.User is { } user && user.GetText("id") == id ? NoteReading.Mention(user) : null;

    private static string? NameOf(ValueMap map) =>
        NoteReading.Mention(map.Json ?? JsonElement.Parse(Value.Of(map).ToJson()));

    [GeneratedRegex(@"^@[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?(@[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?)?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Acct();
}

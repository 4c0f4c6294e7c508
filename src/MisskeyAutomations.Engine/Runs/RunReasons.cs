namespace MisskeyAutomations.Engine.Runs;

/// <summary>What runs and steps keep about themselves where it is the same sentence each time, in English.</summary>
public static class RunReasons
{
    /// <summary>The event's note is no more.</summary>
    public const string NoteGone = "the note was deleted";

    /// <summary>The event's user is no more.</summary>
    public const string UserGone = "the user's account was deleted or suspended";

    /// <summary>The rule is no more in force.</summary>
    public const string RuleGone = "the rule was switched off or deleted while it waited";

    /// <summary>An uncertain step was not found where it would be.</summary>
    public const string NotArrived = "it did not arrive";

    /// <summary>A person said that an uncertain step had its effect.</summary>
    public const string FoundByPerson = "a person found it there";

    /// <summary>A person said that an uncertain step, or an event that was set aside, is to be left.</summary>
    public const string GivenUpByPerson = "a person gave it up";
}

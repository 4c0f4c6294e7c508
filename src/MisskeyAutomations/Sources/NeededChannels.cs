using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;

namespace MisskeyAutomations.Sources;

/// <summary>What an account must listen to beside its <c>main</c>, for the rules in force: nothing that no rule needs.</summary>
/// <param name="Places">The places that rules name: <c>timeline:home</c>, <c>antenna:NAME</c> and so on.</param>
/// <param name="OwnNotes">Whether the account's own notes are needed, which only the home timeline shows.</param>
internal sealed record NeededChannels(IReadOnlyList<string> Places, bool OwnNotes)
{
    /// <summary>The place at which the account's own notes pass as well.</summary>
    public const string Home = "timeline:home";

    private const string Posting = "notes/create";

    /// <summary>What the rules need of an account.</summary>
    public static NeededChannels Of(RuleSet rules, Account account)
    {
        var serving = rules.Rules.Where(rule => rule.Mode != RuleMode.Disabled && rule.Serves(account.Name)).ToList();
        var places = serving.SelectMany(rule => rule.Triggers).Where(EventTypes.IsPlace).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

        // A webhook tells of own notes as well. Where there is none, a post whose answer was missed is recognized by them, too.
        var needsOwn = account.Source is AccountSource.Streaming
            && serving.Exists(rule => rule.Triggers.Contains("note", StringComparer.Ordinal) || rule.Endpoints.Contains(Posting, StringComparer.Ordinal));
        return new(places, needsOwn);
    }
}

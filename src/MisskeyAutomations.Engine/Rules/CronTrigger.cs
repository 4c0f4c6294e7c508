namespace MisskeyAutomations.Engine.Rules;

/// <summary>One <c>{ cron: … }</c> of a rule.</summary>
/// <param name="Text">The expression with single spaces between its fields.</param>
/// <param name="Schedule">When it rings.</param>
/// <param name="Zone">The zone whose clocks it goes by.</param>
/// <param name="MakesUp">Whether the last time that passed while the engine was down is made up for at the start (<c>missed: once</c>).</param>
public sealed record CronTrigger(string Text, CronSchedule Schedule, TimeZoneInfo Zone, bool MakesUp)
{
    /// <summary>What tells it from others of the same rule; another expression or zone is another trigger.</summary>
    public string Key => $"{Text} {Zone.Id}";
}

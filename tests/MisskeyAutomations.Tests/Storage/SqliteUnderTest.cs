namespace MisskeyAutomations.Tests.Storage;

/// <summary>The store on SQLite in a directory of its own.</summary>
/// <param name="uptime">How long its machine has been up; null where no step of the clock is to be noticed.</param>
internal sealed class SqliteUnderTest(Func<TimeSpan?>? uptime = null) : DurableUnderTest(postgres: null, uptime);

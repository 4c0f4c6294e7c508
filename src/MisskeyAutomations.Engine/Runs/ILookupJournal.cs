using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Runs;

/// <summary>Keeps what runs have looked up, for people to see. Nothing is decided by it, and what it cannot keep holds no run up.</summary>
public interface ILookupJournal
{
    /// <summary>A run has asked, and was answered.</summary>
    void Tell(long runId, Lookup lookup, LookupAnswer answer);
}

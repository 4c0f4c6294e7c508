namespace MisskeyAutomations.Tests.Storage;

/// <summary>SQLite knows whose a note is.</summary>
public sealed class SqliteNoteOwnersTests() : NoteOwnersContract(() => new SqliteUnderTest());

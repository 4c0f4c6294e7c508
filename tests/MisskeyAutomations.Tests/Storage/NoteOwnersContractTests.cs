using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Tests.Storage;

/// <summary>SQLite knows whose a note is.</summary>
public sealed class SqliteNoteOwnersTests() : NoteOwnersContract(() => new SqliteUnderTest())
{
    [Fact]
    public async Task Own_notes_that_later_deliveries_told_of_are_receipts()
    {
        await TellAsync("before");
        var run = await Store.StartAsync();
        await TellAsync("after");
        var since = StoreUnderTest.Some("").ReceivedAt;

        var told = await Store.Runs.ListReceiptsAsync(run, since, Token);

        Assert.Equal("after", Assert.Single(told).GetText("id"));
        Assert.Empty(await Store.Runs.ListReceiptsAsync(run, since.AddMilliseconds(1), Token));
        Assert.Empty(await Store.Runs.ListReceiptsAsync(run with { Account = "bob" }, since, Token));
    }

    private async Task TellAsync(string noteId)
    {
        var delivery = await Store.ArriveAsync(body: """{"type":"note","body":{"note":{"id":"ID"}}}""".Replace("ID", noteId, StringComparison.Ordinal));
        await Store.Inbox.CompleteAsync(Store.DecisionOf(delivery), Token);
    }
}

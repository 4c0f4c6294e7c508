using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

public sealed class StoreReadersTests : IDisposable
{
    private readonly SqliteUnderTest _under = new();

    public void Dispose() => _under.Dispose();

    [Fact]
    public void Of_many_readers_at_once_few_are_kept_and_the_last_that_was_used_is_used_next()
    {
        var first = ReadAtOnce(10);

        Assert.Same(first[6], Assert.Single(ReadAtOnce(1)));
        Assert.Equal(first[6..], ReadAtOnce(10).Intersect(first));
    }

    [Fact]
    public void A_reader_keeps_half_a_mebibyte_of_pages_at_most() =>
        Assert.Equal(-512, _under.Store.Readers.Read(static connection => connection.ExecuteScalar<long>("pragma cache_size")));

    // The last one is done first.
    private List<StoreReader> ReadAtOnce(int count) => count == 0 ? [] : _under.Store.Readers.Read(connection => (List<StoreReader>)[connection, .. ReadAtOnce(count - 1)]);
}

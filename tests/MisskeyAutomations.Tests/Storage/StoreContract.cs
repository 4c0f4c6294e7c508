namespace MisskeyAutomations.Tests.Storage;

/// <summary>Tests that every kind of store must pass: a new kind inherits them.</summary>
public abstract class StoreContract : IDisposable
{
    private protected StoreContract(Func<StoreUnderTest> open)
    {
        Store = open();
    }

    private protected StoreUnderTest Store { get; }

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Store.Dispose();
        GC.SuppressFinalize(this);
    }
}

using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Storage;

/// <summary>Tells apart what must be written even into the last room on a disk, such as what became of a request, and what can be refused.</summary>
internal static class VitalWrites
{
    /// <summary>Refuses whatever is not vital.</summary>
    /// <param name="lot">The operations.</param>
    /// <param name="evenThem">Whether nothing at all can be written.</param>
    /// <param name="sentence">Why.</param>
    /// <returns>What is left to be written.</returns>
    public static List<WriteOperation> Only(List<WriteOperation> lot, bool evenThem, string sentence)
    {
        var refused = new StoreUnavailableException(sentence);
        var kept = lot.Where(operation => operation.IsVital && !evenThem).ToList();
        foreach (var operation in lot.Except(kept))
        {
            operation.Failure ??= refused;
        }

        return kept;
    }

    /// <summary>What is vital of a lot that could not be written, for another attempt.</summary>
    public static List<WriteOperation> Again(List<WriteOperation> lot)
    {
        var vital = lot.Where(static operation => operation.IsVital).ToList();
        vital.ForEach(static operation => operation.Failure = null);
        return vital;
    }
}

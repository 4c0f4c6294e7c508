using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

// Whose a note is.
public sealed partial class MemoryRunStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<JsonElement>> ListReceiptsAsync(Run run, DateTimeOffset since, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JsonElement>>([
            .. _events.Where(entry => entry.Key > run.DeliveryId && entry.Value.Account == run.Account && entry.Value.ReceivedAt >= since)
                .Where(entry => entry.Value.Envelope.GetText("type") == "note")
                .Select(entry => entry.Value.Envelope.FindObject("body")?.FindObject("note")).OfType<JsonElement>()]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Step>> ListOnTheirWayAsync(Run run, Step step, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Step>>([
        .. Others(run, step).Where(other => other.State is StepState.Intended or StepState.Uncertain && other.Intent is { Endpoint: NoteLikeness.Endpoint })]);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, Maker>> FindMakersAsync(
        Run run, Step step, IReadOnlyList<string> noteIds, CancellationToken cancellationToken)
    {
        var makers = new Dictionary<string, Maker>(StringComparer.Ordinal);
        foreach (var other in Others(run, step))
        {
            if (other is { Intent.Endpoint: NoteLikeness.Endpoint, Answer: { } answer } && NoteLikeness.IdIn(answer) is { } id && noteIds.Contains(id, StringComparer.Ordinal))
            {
                makers[id] = new(other.At, other.Reason is null);
            }
        }

        return Task.FromResult<IReadOnlyDictionary<string, Maker>>(makers);
    }

    /// <inheritdoc/>
    public async Task<bool> SaveFoundAsync(Run run, Step step, string noteId, CancellationToken cancellationToken)
    {
        if ((await FindMakersAsync(run, step, [noteId], cancellationToken)).Count > 0)
        {
            return false;
        }

        Put(run.With(step));
        return true;
    }

    private IEnumerable<Step> Others(Run run, Step step) => _runs.Values.Where(other => other.Account == run.Account)
        .SelectMany(other => other.Steps.Values.Where(its => other.Id != run.Id || its.Path != step.Path));
}

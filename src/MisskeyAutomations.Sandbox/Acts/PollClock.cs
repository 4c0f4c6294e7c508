using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Acts;

/// <summary>Notifies the author of a poll, and who voted, when it ends.</summary>
internal sealed class PollClock(WorldState state, TimeProvider time) : IDisposable
{
    // No timer runs for longer; who waits for such a poll waits for nothing.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(40);

    private readonly CancellationTokenSource _ending = new();

    public void Watch(Note note)
    {
        if (note.Poll?.ExpiresAt is { } end && end - state.Now is var left && left < Longest)
        {
            _ = EndAsync(note, left);
        }
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
    }

    private async Task EndAsync(Note note, TimeSpan left)
    {
        try
        {
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, _ending.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        lock (state.Gate)
        {
            if (state.Notes.ContainsKey(note.Id))
            {
                var voters = note.Poll!.Voters.SelectMany(ids => ids).Select(state.Account).OfType<Account>();
                foreach (var person in voters.Prepend(note.Author).Distinct())
                {
                    state.Notify(person, new Notification(state.NewId(), state.Now, "pollEnded") { Note = note });
                }
            }
        }
    }
}

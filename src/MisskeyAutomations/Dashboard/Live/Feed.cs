namespace MisskeyAutomations.Dashboard.Live;

/// <summary>A connection on which a page is kept up to date.</summary>
/// <param name="look">What it shows.</param>
/// <param name="canvas">Where that is drawn.</param>
/// <param name="session">The session with which it ends.</param>
internal sealed class Feed(Look look, Canvas canvas, string session)
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Look Look => look;

    public Canvas Canvas => canvas;

    public string Session => session;

    /// <summary>Whether its session, or the program, is over.</summary>
    public bool HasEnded => _end.Task.IsCompleted;

    /// <summary>Ends it.</summary>
    public void End() => _end.TrySetResult();

    /// <summary>Ends when there is something to tell, be it only a sign of life, or when it is over.</summary>
    public Task WaitAsync() => Task.WhenAny(canvas.NextBeat, _end.Task);
}

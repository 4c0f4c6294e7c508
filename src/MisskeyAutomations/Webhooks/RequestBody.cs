using System.Buffers;
using System.IO.Pipelines;

namespace MisskeyAutomations.Webhooks;

/// <summary>
/// A whole request body in one piece. A usual one is the server's own receive buffer, not copied; so it must be disposed before the
/// request ends.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> received)
    {
        if (received.IsSingleSegment)
        {
            _reader = reader;
            _end = received.End;
            Bytes = received.First;
            return;
        }

        var length = (int)received.Length;
        _rented = ArrayPool<byte>.Shared.Rent(length);
        received.CopyTo(_rented);
        Bytes = _rented.AsMemory(0, length);
        reader.AdvanceTo(received.End);
    }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads to the end; null when there is more than <paramref name="maxLength"/>.</summary>
    /// <exception cref="TimeoutException">It was not there by the deadline.</exception>
    public static ValueTask<RequestBody?> ReadAsync(HttpRequest request, int maxLength, TimeSpan deadline, TimeProvider time)
    {
        var reader = request.BodyReader;
        if (!reader.TryRead(out var result))
        {
            return ReadSlowlyAsync(request, maxLength, deadline, time);
        }

        if (result.IsCompleted)
        {
            return ValueTask.FromResult(Take(reader, result.Buffer, maxLength));
        }

        reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        return ReadSlowlyAsync(request, maxLength, deadline, time);
    }

    public void Dispose()
    {
        _reader?.AdvanceTo(_end);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static async ValueTask<RequestBody?> ReadSlowlyAsync(HttpRequest request, int maxLength, TimeSpan deadline, TimeProvider time)
    {
        var reader = request.BodyReader;
        using var timer = new CancellationTokenSource(deadline, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, request.HttpContext.RequestAborted);
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(ended.Token);
                if (result.IsCompleted || result.Buffer.Length > maxLength)
                {
                    return Take(reader, result.Buffer, maxLength);
                }

                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (OperationCanceledException late) when (timer.IsCancellationRequested)
        {
            throw new TimeoutException("The body was not received in time.", late);
        }
    }

    private static RequestBody? Take(PipeReader reader, ReadOnlySequence<byte> received, int maxLength)
    {
        if (received.Length > maxLength)
        {
            reader.AdvanceTo(received.End);
            return null;
        }

        return new(reader, received);
    }
}

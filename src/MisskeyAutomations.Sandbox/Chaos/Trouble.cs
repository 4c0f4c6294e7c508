using System.Globalization;

namespace MisskeyAutomations.Sandbox.Chaos;

/// <summary>What a <see cref="ChaosProxy"/> does to one exchange, a request and its answer.</summary>
public abstract record Trouble
{
    private Trouble()
    {
    }

    /// <summary>Passes on so many bytes of the request, head included, and resets both connections; a shorter one is passed on whole and not answered.</summary>
    public sealed record CutRequest(int Bytes) : Trouble
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the request was cut after {Bytes} bytes");
    }

    /// <summary>Passes on the request, and so many bytes of the answer before the connection is reset: with 0 it is reset after the request was done.</summary>
    public sealed record CutAnswer(int Bytes) : Trouble
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the answer was cut after {Bytes} bytes");
    }

    /// <summary>Takes the request, passes nothing on and never answers.</summary>
    public sealed record BlackHole : Trouble
    {
        public override string ToString() => "the request was swallowed";
    }

    /// <summary>Waits before the request is passed on.</summary>
    public sealed record Delay(TimeSpan Time) : Trouble
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the request was held up for {Time.TotalSeconds:0.0} s");
    }

    /// <summary>Passes the request on, and once more when that is over; the first answer is given, if there is one.</summary>
    public sealed record Twice : Trouble
    {
        public override string ToString() => "the request was passed on twice";
    }

    /// <summary>Passes on the request, and the answer byte by byte.</summary>
    public sealed record Drip(TimeSpan Between) : Trouble
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the answer drips, a byte each {Between.TotalMilliseconds:0} ms");
    }

    /// <summary>Answers itself.</summary>
    /// <param name="Answer">With what.</param>
    /// <param name="IsPassedOn">Whether the request is carried out all the same. A success is then told only of what was one: what failed is answered as it was.</param>
    public sealed record Instead(CannedAnswer Answer, bool IsPassedOn = false) : Trouble
    {
        public override string ToString() => $"{Answer} was answered instead, and the request {(IsPassedOn ? "was" : "was not")} passed on";
    }

    /// <summary>Passes on the request and answers 200 with a JSON text of so many bytes; what failed is answered as it was.</summary>
    /// <param name="Bytes">The length of the text.</param>
    /// <param name="IsZipped">Whether it comes as gzip, a thousandth as long.</param>
    public sealed record Flood(long Bytes, bool IsZipped = false) : Trouble
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes} bytes{(IsZipped ? ", zipped," : "")} were answered instead");
    }
}

using System.Text.Json;
using BenchmarkDotNet.Attributes;
using MisskeyAutomations.Bench.Load;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Bench.Micro;

/// <summary>The strict scan of a usual body beside what the library does for the same bytes without its checks.</summary>
[MemoryDiagnoser]
public class EnvelopeScanBenchmark
{
    private readonly byte[] _body = Body();

    /// <summary>The scan of the door.</summary>
    [Benchmark]
    public bool Scan() => EnvelopeScan.Of(_body).Scrubbed;

    /// <summary>A plain pass over the tokens.</summary>
    [Benchmark(Baseline = true)]
    public int Tokens()
    {
        var reader = new Utf8JsonReader(_body);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    /// <summary>Building a document that refuses duplicate keys.</summary>
    [Benchmark]
    public JsonValueKind Document()
    {
        using var document = JsonDocument.Parse(_body, new() { MaxDepth = EnvelopeScan.MaxDepth, AllowDuplicateProperties = false });
        return document.RootElement.ValueKind;
    }

    private static byte[] Body()
    {
        var request = new NoteRequest("alice", "secret").Fresh().Span;
        return request[(request.IndexOf("\r\n\r\n"u8) + 4)..].ToArray();
    }
}

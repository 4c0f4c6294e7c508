using System.Buffers.Binary;
using System.Text;

namespace MisskeyAutomations.Tests.Telemetry;

/// <summary>A span as it was sent by OTLP.</summary>
internal sealed record SentSpan(string Name, string TraceId, string SpanId, string ParentId, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Links);

/// <summary>Reads the few fields of <c>ExportTraceServiceRequest</c> that tests ask for, as the protocol's .proto files number them.</summary>
internal static class SpanReader
{
    public static IReadOnlyList<SentSpan> Read(byte[] request) =>
    [
        .. Fields(request).Where(field => field.Number == 1).SelectMany(resource => Fields(resource.Bytes)).Where(field => field.Number == 2)
            .SelectMany(scope => Fields(scope.Bytes)).Where(field => field.Number == 2).Select(span => ReadSpan(span.Bytes)),
    ];

    private static SentSpan ReadSpan(byte[] bytes)
    {
        var fields = Fields(bytes);
        return new(
            Encoding.UTF8.GetString(One(fields, 5)),
            Convert.ToHexStringLower(One(fields, 1)),
            Convert.ToHexStringLower(One(fields, 2)),
            Convert.ToHexStringLower(One(fields, 4)),
            fields.Where(field => field.Number == 9).Select(field => Fields(field.Bytes))
                .ToDictionary(tag => Encoding.UTF8.GetString(One(tag, 1)), tag => ValueOf(Fields(One(tag, 2))), StringComparer.Ordinal),
            [.. fields.Where(field => field.Number == 13).Select(link => Convert.ToHexStringLower(One(Fields(link.Bytes), 1)))]);
    }

    private static string ValueOf(List<Field> value) => value is [{ Number: 1 } text] ? Encoding.UTF8.GetString(text.Bytes)
        : value is [var other] ? other.Varint.ToString(System.Globalization.CultureInfo.InvariantCulture) : "";

    private static byte[] One(List<Field> fields, int number) => fields.FirstOrDefault(field => field.Number == number)?.Bytes ?? [];

    private static List<Field> Fields(byte[] bytes)
    {
        var fields = new List<Field>();
        var at = 0;
        while (at < bytes.Length)
        {
            var key = Varint(bytes, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    fields.Add(new(number, Varint(bytes, ref at), []));
                    break;
                case 1:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)), []));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(bytes, ref at);
                    fields.Add(new(number, 0, bytes[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    fields.Add(new(number, BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)), []));
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {key & 7} at {at}.");
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }

    private sealed record Field(int Number, ulong Varint, byte[] Bytes);
}

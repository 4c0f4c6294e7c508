using System.Text;
using System.Text.Json;
using CsCheck;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Webhooks;

namespace MisskeyAutomations.Tests.Webhooks;

public sealed class EnvelopeScanTests
{
    [Fact]
    public void The_envelope_s_own_fields_are_found_and_no_others()
    {
        var scan = Scan("""{"body":{"eventId":"no","hookId":"no","createdAt":1},"hookId":"h1","x":["eventId","no"],"eventId":"e1","createdAt":1795489414839}""");

        Assert.Equal((null, "h1", "e1", 1795489414839L, false), (scan.Flaw, scan.HookId, scan.EventId, scan.CreatedAt, scan.Scrubbed));
    }

    [Theory]
    [InlineData("""{"\u0065ventId":"\u0065"}""", "e")]
    [InlineData("""{"eventId":5}""", null)]
    [InlineData("""{"eventId":null}""", null)]
    [InlineData("""{"eventId":["e"]}""", null)]
    [InlineData("""{"eventId":{"eventId":"e"}}""", null)]
    [InlineData("""{"eventId":"\ud800"}""", null)]
    [InlineData("""{}""", null)]
    public void Odd_event_ids_are_no_flaw(string json, string? eventId)
    {
        var scan = Scan(json);

        Assert.Equal((null, eventId), (scan.Flaw, scan.EventId));
    }

    [Theory]
    [InlineData("-1", -1)]
    [InlineData("1.5", 0)]
    [InlineData("1e400", 0)]
    [InlineData("99999999999999999999", 0)]
    [InlineData("\"5\"", 0)]
    [InlineData("null", 0)]
    public void Odd_times_are_no_flaw(string json, long createdAt) => Assert.Equal(createdAt, Scan($$"""{"createdAt":{{json}}}""").CreatedAt);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("\"x\"")]
    [InlineData("[]")]
    [InlineData("[{}]")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{} x")]
    [InlineData("{}{}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\ud80\"}")]
    [InlineData("{\"a\":\"line\nbreak\"}")]
    [InlineData("{\"a\":\"nul\0\"}")]
    [InlineData("{/* no */}")]
    [InlineData("{} // no")]
    public void What_is_no_JSON_object_is_a_flaw(string json) => Assert.NotNull(Scan(json).Flaw);

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"x":{"y":[{"a":1},{"a":1,"b":2,"a":3}]}}""")]
    [InlineData("""{"":1,"":2}""")]
    [InlineData("""{"絵":1,"b":{},"絵":2}""")]
    public void A_key_that_occurs_twice_in_an_object_is_a_flaw(string json) => Assert.Contains("twice", Scan(json).Flaw, StringComparison.Ordinal);

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(300)]
    [InlineData(20_000)]
    public void A_key_that_occurs_twice_is_found_in_large_objects(int keys)
    {
        var names = Enumerable.Range(0, keys).Select(i => $"\"key{i}\":0").ToList();
        Assert.Null(Scan($"{{{string.Join(',', names)}}}").Flaw);

        names.Add("\"key1\":0");

        Assert.NotNull(Scan($"{{{string.Join(',', names)}}}").Flaw);
    }

    [Theory]
    [InlineData("""{"a":{"a":{"a":1}},"b":{"a":1}}""")]
    [InlineData("""{"a":[{"a":1},{"a":1}]}""")]
    [InlineData("""{"a":1,"A":2,"a ":3,"aa":4}""")]
    [InlineData("""{"12345678":1,"123456789":2,"1234567":3}""")]
    public void Equal_keys_of_different_objects_are_none(string json) => Assert.Null(Scan(json).Flaw);

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(10_000, false)]
    public void Thirty_two_levels_are_deep_enough(int depth, bool isRight)
    {
        var arrays = depth - 1;

        Assert.Equal(isRight, Scan($$"""{"a":{{new string('[', arrays)}}{{new string(']', arrays)}}}""").Flaw is null);
    }

    [Theory]
    [InlineData(49_995, true)]
    [InlineData(49_996, false)]
    public void Fifty_thousand_parts_are_enough(int numbers, bool isRight) =>
        Assert.Equal(isRight, Scan($$"""{"a":[{{string.Join(',', Enumerable.Repeat("0", numbers))}}]}""").Flaw is null);

    [Theory]
    [InlineData("""{"a":"\ud800"}""", true)]
    [InlineData("""{"a":"\ud83d\ude00"}""", false)]
    [InlineData("""{"a":"\u0000"}""", true)]
    [InlineData("""{"a":"\\u0000 \\ud800"}""", false)]
    [InlineData("""{"\udc00":1}""", true)]
    [InlineData("""{"a":"\u00e9"}""", false)]
    [InlineData("""{"a":"絵文字 😀"}""", false)]
    public void Texts_that_must_be_scrubbed_are_flagged(string json, bool isFlagged)
    {
        var scan = Scan(json);

        Assert.Equal((null, isFlagged), (scan.Flaw, scan.Scrubbed));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_flagged()
    {
        byte[] json = [.. "{\"a\":\""u8, 0xFF, .. "\"}"u8];

        Assert.Equal((null, true), (EnvelopeScan.Of(json).Flaw, EnvelopeScan.Of(json).Scrubbed));
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        byte[] json = [0xEF, 0xBB, 0xBF, .. "{\"eventId\":\"e\"}"u8];

        Assert.Equal((null, "e"), (EnvelopeScan.Of(json).Flaw, EnvelopeScan.Of(json).EventId));
    }

    [Fact]
    public void Whatever_is_accepted_can_be_read_to_the_last_text_and_agrees_with_the_library() =>
        MutatedBodies.Sample(
            body =>
            {
                var scan = EnvelopeScan.Of(body);
                Assert.Equal(LibraryAccepts(body), scan.Flaw is null);
                if (scan.Flaw is null)
                {
                    ReadEverything(ScrubbedJson.Parse(body, scan.Scrubbed));
                }
            },
            iter: 20_000);

    private static Gen<byte[]> MutatedBodies
    {
        get
        {
            var sample = Encoding.UTF8.GetBytes("""{"eventId":"e1","a":{"b":[1,2.5e3,-0,true,null,"x\u00e9\ud83d\ude00絵"],"c":"\\\" \u0041"},"d":{"":{},"k":[]}}""");
            var signs = "\"\\{}[],:u0ad8 "u8.ToArray();
            var change = Gen.Select(Gen.Int[0, sample.Length - 1], Gen.OneOf(Gen.Byte, Gen.Int[0, signs.Length - 1].Select(i => signs[i])), Gen.Int[0, 2]);
            return change.Array[0, 4].Select(changes => changes.Aggregate(sample, (body, one) => one.Item3 switch
            {
                0 when one.Item1 < body.Length => [.. body[..one.Item1], one.Item2, .. body[(one.Item1 + 1)..]],
                1 when one.Item1 < body.Length => [.. body[..one.Item1], .. body[(one.Item1 + 1)..]],
                _ => [.. body[..Math.Min(one.Item1, body.Length)], one.Item2, .. body[Math.Min(one.Item1, body.Length)..]],
            }));
        }
    }

    private static bool LibraryAccepts(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new() { MaxDepth = EnvelopeScan.MaxDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object && HasUniqueKeys(body);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    // The library cannot look for duplicates where a key is no text.
    private static bool HasUniqueKeys(byte[] body)
    {
        var open = new Stack<HashSet<string>?>();
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(new(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when !open.Peek()!.Add(KeyOf(ref reader)):
                    return false;
            }
        }

        return true;
    }

    private static string KeyOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return "raw:" + Convert.ToHexString(reader.ValueSpan);
        }
    }

    private static void ReadEverything(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    Assert.DoesNotContain("\0", property.Name, StringComparison.Ordinal);
                    ReadEverything(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadEverything(item);
                }

                break;
            case JsonValueKind.String:
                Assert.DoesNotContain("\0", element.GetString()!, StringComparison.Ordinal);
                break;
        }
    }

    private static EnvelopeScan Scan(string json) => EnvelopeScan.Of(Encoding.UTF8.GetBytes(json));
}

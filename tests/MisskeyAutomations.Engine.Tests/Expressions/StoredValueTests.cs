using System.Text.Json;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Engine.Tests.Expressions;

/// <summary>What a run remembers is after a restart what it was before.</summary>
public sealed class StoredValueTests
{
    public static TheoryData<Value> Values => new(
        Value.Null,
        Value.True,
        Value.Of(2.5),
        Value.Of(""),
        Value.Of("data \"quoted\" ＃ 😀"),
        Value.Of("markup", ValueMarks.Markup),
        Value.Of("secret", ValueMarks.Private),
        Value.Null.With(ValueMarks.Private),
        Value.Of(MarkedText.Join(MarkedText.Of("Hi ", isMarkup: true), MarkedText.Of("@everyone", isMarkup: false)), ValueMarks.Private),
        Value.Of([Value.Of("public"), Value.Of("secret", ValueMarks.Private)]),
        Value.Of([Value.Of("open", ValueMarks.None)], ValueMarks.Private),
        Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["$marks"] = Value.Of(2), ["$value"] = Value.Of("mine") })),
        Value.From(JsonElement.Parse("""{ "visibility": "public", "text": "a", "reply": { "visibility": "followers", "text": "b" } }""")));

    [Theory]
    [MemberData(nameof(Values))]
    public void A_stored_value_comes_back_with_every_mark(Value value)
    {
        var text = StoredValue.Write(value);
        var back = StoredValue.Read(text);

        Assert.Equal(value, back);
        Assert.Equal(Outline(value), Outline(back));
        Assert.Equal(text, StoredValue.Write(back));
    }

    [Fact]
    public void Plain_values_are_stored_as_plain_JSON() =>
        Assert.Equal("""{"count":3,"names":["a","b"]}""", StoredValue.Write(Value.From(JsonElement.Parse("""{"count":3,"names":["a","b"]}"""))));

    [Fact]
    public void What_is_not_known_cannot_be_stored() =>
        Assert.Throws<ArgumentException>(() => StoredValue.Write(Value.Error("broken")));

    // Kind, marks and origin of every part, at every depth.
    private static string Outline(Value value) =>
        $"{value.Kind}/{value.Marks}/{string.Join('|', value.MarkedText.Parts)}"
        + $"[{string.Join(';', value.List.Select(Outline))}]"
        + (value.Map is { } map ? $"{{{string.Join(';', map.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Key + "=" + Outline(entry.Value)))}}}" : "");
}

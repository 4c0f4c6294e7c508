using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;

namespace MisskeyAutomations.Tests.BuiltInActions;

public sealed class NoteContentTests
{
    [Fact]
    public void A_content_warning_is_cut_at_100_characters()
    {
        var cw = Some.Intent("reply", Some.Event(Some.Note(cw: new string('w', 300))), Some.Text("yo")).Json.GetText("cw")!;

        Assert.Equal(new string('w', 99) + "…", cw);
    }

    [Theory]
    [InlineData(3000, 3000, false)]
    [InlineData(3001, 3000, true)]
    public void A_text_over_the_servers_limit_is_cut(int written, int expected, bool isCut)
    {
        var intent = Some.Intent("reply", Some.Event(Some.Note()), Some.Data(string.Concat(Enumerable.Repeat("😀", written))));

        Assert.Equal(expected, intent.Text!.EnumerateRunes().Count());
        Assert.Equal(isCut, intent.Text!.EndsWith('…'));
        Assert.Equal(isCut, intent.Remarks.Contains("The text was cut at 3000 characters, the server's limit.", StringComparer.Ordinal));
    }

    [Fact]
    public void A_family_is_not_torn_apart_and_the_limit_is_the_servers_own()
    {
        const string Family = "👩‍👩‍👧‍👦"; // 7 code points.
        var input = Some.Input(Some.Event(Some.Note()), Some.Data(Family + Family + "!")) with { Defaults = new ActionDefaults { MaxNoteLength = 10 } };

        Assert.Equal(Family + "…", Some.Intent("reply", input).Text);
    }

    [Theory]
    [InlineData("cw")]
    [InlineData("poll")]
    public void A_mention_in_an_option_counts(string option)
    {
        var value = option == "cw" ? Some.Text("for @carol") : Value.Of(new ValueMap(new Dictionary<string, Value>(StringComparer.Ordinal) { ["choices"] = Value.Of([Some.Text("@carol"), Some.Text("no")]) }));

        Assert.False(Some.Intent("reply", Some.Event(Some.Note()), Some.Text("yo"), (option, value)).Json.IsTrue("noExtractMentions"));
    }

    [Fact]
    public void Files_and_a_poll_are_passed_on()
    {
        var json = Some.Intent("reply", Some.Event(Some.Note()), Value.Null,
            ("files", Some.Json("""[{"id":"f1"},"f2","f1"]""")),
            ("poll", Some.Json("""{"choices":["yes","@no","yes"],"multiple":true,"expires":"1d12h"}"""))).Json;

        Assert.Null(json.GetText("text"));
        Assert.Equal("""["f1","f2"]""", json.GetProperty("fileIds").GetRawText());
        Assert.Equal($$"""{"choices":["yes","@{{'\u200B'}}no"],"multiple":true,"expiredAfter":129600000}""", json.GetProperty("poll").GetRawText());
    }

    [Theory]
    [InlineData("poll", """{"choices":["one"]}""")]
    [InlineData("poll", """{"choices":["one","one"]}""")]
    [InlineData("poll", """{"choices":["1","2","3","4","5","6","7","8","9","10","11"]}""")]
    [InlineData("poll", """{"choices":["a","b"],"expires":"soon"}""")]
    [InlineData("poll", """{"choices":["a","b"],"expires":"0s"}""")]
    [InlineData("poll", """{"choices":["a","b"],"expires":-5}""")]
    [InlineData("poll", """{"choices":["a","b"],"expires":"999999999d"}""")]
    [InlineData("poll", "7")]
    [InlineData("files", """["../x"]""")]
    [InlineData("files", """[7]""")]
    [InlineData("files", """["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]""")]
    public void What_Misskey_would_refuse_is_refused_here(string option, string json)
    {
        Assert.NotEmpty(Some.Prepare("reply", Some.Event(Some.Note()), Some.Text("yo"), (option, Some.Json(json))).InvalidReason);
    }
}

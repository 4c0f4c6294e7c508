using MisskeyAutomations.Connecting;

namespace MisskeyAutomations.Tests.Connecting;

/// <summary>A server is understood however it is written, and what is none is refused with what to write.</summary>
public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("misskey.example", "https://misskey.example/")]
    [InlineData("  misskey.example\n", "https://misskey.example/")]
    [InlineData("Misskey.Example.", "https://misskey.example/")]
    [InlineData("misskey.example/", "https://misskey.example/")]
    [InlineData("misskey.example:3000", "https://misskey.example:3000/")]
    [InlineData("https://misskey.example/@alice", "https://misskey.example/")]
    [InlineData("misskey.example/@alice/pages/1?a=b#c", "https://misskey.example/")]
    [InlineData("https://misskey.example/@bob@other.example", "https://misskey.example/")]
    [InlineData("みすきー.example", "https://xn--w8jxa7itv.example/")]
    [InlineData("ｍｉｓｓｋｅｙ。ｅｘａｍｐｌｅ", "https://misskey.example/")]
    [InlineData("http://127.0.0.1:3000", "http://127.0.0.1:3000/")]
    [InlineData("http://[::1]:3000/", "http://[::1]:3000/")]
    [InlineData("[2001:db8::1]:3000", "https://[2001:db8::1]:3000/")]
    [InlineData("2001:db8::1", "https://[2001:db8::1]/")]
    [InlineData("http://misskey:3000", "http://misskey:3000/")]
    public void A_server_is_read_as_people_write_it(string text, string origin)
    {
        var address = ServerAddress.Read(text);

        Assert.Equal((origin, null), (address.Origin.AbsoluteUri, address.Username));
    }

    [Theory]
    [InlineData("@alice@misskey.example")]
    [InlineData("alice@misskey.example")]
    [InlineData("acct:alice@misskey.example")]
    [InlineData(" ＠alice＠misskey.example ")]
    public void A_person_names_the_server_and_who_is_meant(string text) =>
        Assert.Equal(new ServerAddress(new Uri("https://misskey.example/"), "alice"), ServerAddress.Read(text));

    [Theory]
    [InlineData("", "No server is named. Write it like misskey.example.")]
    [InlineData("http://misskey.example", "http:// would send the token in clear. Write https://misskey.example.")]
    [InlineData("http://192.168.1.9:3000", "http:// would send the token in clear. Write https://192.168.1.9:3000.")]
    [InlineData("http://[2001:db8::1]", "http:// would send the token in clear. Write https://[2001:db8::1].")]
    [InlineData("ftp://misskey.example", "'ftp://misskey.example' is no server.")]
    [InlineData("misskey,example", "'misskey,example' is no server.")]
    [InlineData("misskey.example:70000", "is no server")]
    [InlineData("two words", "'two words' is no server")]
    [InlineData("//misskey.example", "is no server")]
    [InlineData("@alice", "'@alice' names a person, and no server.")]
    [InlineData("alice@", "names a person, and no server.")]
    public void What_is_no_server_is_refused(string text, string sentence) => Assert.Contains(sentence, RefusalOf(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://alice:password@misskey.example")]
    [InlineData("alice:password@misskey.example")]
    public void A_password_is_refused_and_not_shown_again(string text)
    {
        Assert.Contains("More than a name stands before misskey.example.", RefusalOf(text), StringComparison.Ordinal);
        Assert.DoesNotContain("password", RefusalOf(text), StringComparison.Ordinal);
    }

    private static string RefusalOf(string text) => Assert.Throws<ConnectingException>(() => ServerAddress.Read(text)).Message;
}

using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Engine.Tests.Events;

public sealed class WebAddressTests
{
    [Theory]
    [InlineData("https://misskey.example/notes/a", true)]
    [InlineData(" HTTP://127.0.0.1:3000", true)]
    [InlineData("ftp://misskey.example/", false)]
    [InlineData("httpx://misskey.example/", false)]
    [InlineData("/notes/a", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_addresses_of_the_web_are_read(string? text, bool isRead) => Assert.Equal(isRead, WebAddress.TryRead(text, out _));

    // The framework fails at this one.
    [Fact]
    public void A_path_of_slashes_is_none() => Assert.False(WebAddress.TryRead("///////////\u202e////////", out _));
}

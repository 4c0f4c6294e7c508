using System.Net;
using MisskeyAutomations.Outside;

namespace MisskeyAutomations.Tests.Outside;

public sealed class AllowedTargetTests
{
    [Theory]
    [InlineData("192.168.1.10", "x", "192.168.1.10", 80, true)]
    [InlineData("192.168.1.10", "x", "192.168.1.11", 80, false)]
    [InlineData("192.168.1.10:8080", "x", "192.168.1.10", 8080, true)]
    [InlineData("192.168.1.10:8080", "x", "192.168.1.10", 80, false)]
    [InlineData("10.1.0.0/16", "x", "10.1.255.255", 80, true)]
    [InlineData("10.1.0.0/16", "x", "10.2.0.0", 80, false)]
    [InlineData("10.1.0.0/16:443", "x", "10.1.0.1", 443, true)]
    [InlineData("192.168.1.10", "x", "::ffff:192.168.1.10", 80, true)]
    [InlineData("fd00::/8", "x", "fd12::1", 80, true)]
    [InlineData("[::1]:9000", "x", "::1", 9000, true)]
    [InlineData("[::1]:9000", "x", "::1", 9001, false)]
    [InlineData("hooks.example.internal", "HOOKS.example.internal.", "10.0.0.1", 80, true)]
    [InlineData("hooks.example.internal", "evil.example", "10.0.0.1", 80, false)]
    [InlineData("hooks.example.internal", "x.hooks.example.internal", "10.0.0.1", 80, false)]
    [InlineData("localhost:9000", "localhost", "127.0.0.1", 9000, true)]
    public void An_entry_opens_what_it_names(string entry, string host, string address, int port, bool opens) =>
        Assert.Equal(opens, AllowedTarget.Parse(entry)!.Opens(host, IPAddress.Parse(address), port));

    [Theory]
    [InlineData("")]
    [InlineData("http://192.168.1.10")]
    [InlineData("192.168.1.10/33")]
    [InlineData("127.1")]
    [InlineData("0x7f000001")]
    [InlineData("*")]
    [InlineData("*.example")]
    [InlineData("host:0")]
    [InlineData("host:70000")]
    [InlineData("a b")]
    public void What_is_no_machine_is_refused(string entry) => Assert.Null(AllowedTarget.Parse(entry));
}

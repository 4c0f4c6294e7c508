using System.Net;
using System.Net.Sockets;
using MisskeyAutomations.Engine.Actions;

namespace MisskeyAutomations.Tests.Misskey;

/// <summary>What name servers answer, or do not.</summary>
public sealed class NameServerTests
{
    private static readonly Uri Somewhere = new("http://misskey.test:1");

    [Theory]
    [InlineData(SocketError.HostNotFound, "The name server (DNS) knows no server of this name: see whether it is spelt right.")]
    [InlineData(SocketError.NoData, "The name server (DNS) knows no server of this name: see whether it is spelt right.")]
    [InlineData(SocketError.TryAgain, "The name server (DNS) could not look the server's name up for now.")]
    [InlineData(SocketError.NoRecovery, "The name server (DNS) refused to look the server's name up.")]
    public async Task Whatever_it_says_instead_of_an_address_nothing_was_sent_and_that_is_told(SocketError error, string sentence)
    {
        await using var rig = new MisskeyRig(Somewhere, names: (_, _) => Task.FromException<IPAddress[]>(new SocketException((int)error)));

        Assert.Equal(new ActionOutcome.NotSent(sentence), await rig.SendAsync());
    }

    [Fact]
    public async Task A_name_without_an_address_is_no_name()
    {
        await using var rig = new MisskeyRig(Somewhere, names: (_, _) => Task.FromResult<IPAddress[]>([]));

        Assert.Equal(new ActionOutcome.NotSent("The name server (DNS) knows no server of this name: see whether it is spelt right."), await rig.SendAsync());
    }

    [Fact]
    public async Task One_that_is_silent_is_waited_for_no_longer_than_a_server()
    {
        await using var rig = new MisskeyRig(Somewhere, names: (_, _) => new TaskCompletionSource<IPAddress[]>().Task);

        Assert.Equal(new ActionOutcome.NotSent("The name server (DNS) did not answer in time."), await rig.SendAsync());
    }

    [Fact]
    public async Task Of_several_addresses_the_first_that_takes_the_connection_is_used()
    {
        await using var server = RawServer.Start(RawServer.Json(200, "{}"));
        await using var rig = new MisskeyRig(
            new Uri($"http://misskey.test:{server.Address.Port}"), names: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.77"), IPAddress.Loopback]));

        Assert.IsType<ActionOutcome.Done>(await rig.SendAsync());
        Assert.Equal($"misskey.test:{server.Address.Port}", Assert.Single(server.Requests).Header("Host"));
    }
}

using System.Net;
using System.Net.Sockets;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Outside;
using MisskeyAutomations.Sockets;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Corpora;

/// <summary>Whatever an address looks like: the sockets that are opened for it are recorded, and none leads to an address that is not everybody's.</summary>
public sealed class SsrfCorpusTests
{
    private const int OwnPort = 8765;

    private static readonly IPAddress Public = IPAddress.Parse("93.184.216.34");

    private readonly List<IPEndPoint> _opened = [];
    private int _timesAsked;

    [Fact]
    public Task Every_address_gets_its_verdict() => Corpus.CheckAsync("ssrf.corpus", atLeast: 130, JudgeAsync);

    [Fact]
    public async Task No_socket_is_opened_to_an_address_that_is_not_everybodys()
    {
        foreach (var one in Corpus.Read("ssrf.corpus"))
        {
            await JudgeAsync(one.Text);
        }

        Assert.NotEmpty(_opened);
        Assert.DoesNotContain(_opened, target => AddressClass.Objection(target.Address) is not null);
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://127.0.0.1/")]
    [InlineData("//[::1]/")]
    public async Task A_redirect_opens_no_second_socket(string location)
    {
        await using var server = RawServer.Start(RawServer.Answer(302, "", $"Location: {location}"));
        var guard = new AddressGuard(new OutsideOptions(), ResolveAsync, () => []);
        using var client = new OutsideClient(guard, (target, cancellationToken) =>
        {
            _opened.Add(target);
            return Dialing.OpenAsync(new IPEndPoint(IPAddress.Loopback, server.Address.Port), cancellationToken);
        }, TimeProvider.System);

        var answer = await client.SendAsync(
            new OutsideRequest { Method = HttpMethod.Get, Address = new Uri("http://public.example/"), MaxBytes = 1, Patience = TimeSpan.FromSeconds(5) }, TestContext.Current.CancellationToken);

        Assert.Equal(302, answer.Status);
        Assert.Equal(new IPEndPoint(Public, 80), Assert.Single(_opened));
    }

    private async Task<string> JudgeAsync(string text)
    {
        if (!HttpFrozen.TryReadAddress(text, out var address))
        {
            return "NOT AN ADDRESS";
        }

        var before = _opened.Count;
        var guard = new AddressGuard(new OutsideOptions(), ResolveAsync, () => [OwnPort]);
        using var client = new OutsideClient(guard, OpenAsync, TimeProvider.System);
        try
        {
            await client.SendAsync(
                new OutsideRequest { Method = HttpMethod.Get, Address = address, MaxBytes = 1, Patience = TimeSpan.FromSeconds(5) }, TestContext.Current.CancellationToken);
        }
        catch (RefusedAddressException)
        {
            Assert.Equal(before, _opened.Count);
            return "REFUSED";
        }
        catch (OutsideFaultException) when (_opened.Count > before)
        {
            return $"CALLED {string.Join(' ', _opened.Skip(before).Select(target => target.ToString()))}";
        }

        catch (OutsideFaultException)
        {
            return "UNKNOWN NAME";
        }

        return "ANSWERED";
    }

    // Nothing listens behind it: what is opened is written down and is over at once.
    private Task<Stream> OpenAsync(IPEndPoint target, CancellationToken cancellationToken)
    {
        _opened.Add(target.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(target.Address.MapToIPv4(), target.Port) : target);
        throw new SocketException((int)SocketError.ConnectionRefused);
    }

    private Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => Task.FromResult(host.TrimEnd('.').ToLowerInvariant() switch
    {
        "public.example" => [Public],
        "localhost" or "ip6-localhost" or "sub.localhost" => [IPAddress.Loopback, IPAddress.IPv6Loopback],
        "router.example" => [IPAddress.Parse("192.168.1.1")],
        "metadata.example" => [IPAddress.Parse("169.254.169.254")],
        "mixed.example" => [Public, IPAddress.Parse("10.0.0.1")],
        "mapped.example" => [IPAddress.Parse("::ffff:127.0.0.1")],
        "myself.example" => [IPAddress.Loopback],
        "rebinding.example" => [_timesAsked++ % 2 == 0 ? Public : IPAddress.Loopback],
        "nothing.example" => Array.Empty<IPAddress>(),
        var other when IPAddress.TryParse(other, out var address) => [address], // As the system's own resolver does.
        _ => throw new SocketException((int)SocketError.HostNotFound),
    });
}

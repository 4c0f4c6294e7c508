using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Outside;
using MisskeyAutomations.Sockets;
using MisskeyAutomations.Tests.Misskey;

namespace MisskeyAutomations.Tests.Outside;

/// <summary>The step <c>http</c> with a real client, and a server of bytes on this machine that the configuration opens.</summary>
internal sealed class CallRig : IAsyncDisposable
{
    public const string Canary = "CANARY/secret+0123456789\"ä";

    private readonly OutsideClient _client;

    private CallRig(RawServer server, OutsideOptions options, RuleSecrets secrets)
    {
        Server = server;
        _client = new OutsideClient(new AddressGuard(options, System.Net.Dns.GetHostAddressesAsync, () => []), Dialing.OpenAsync, TimeProvider.System);
        Action = ActionTable.All(null!, _client, options, secrets, TimeProvider.System, NullLoggerFactory.Instance).Single(action => action.Descriptor.Name == "http");
    }

    public RawServer Server { get; }

    public IAction Action { get; }

    public static CallRig Start(Behaviour behaviour, bool isOpen = true)
    {
        var server = RawServer.Start(behaviour);
        var options = isOpen ? new OutsideOptions { Allow = [AllowedTarget.Parse("127.0.0.1")!] } : new OutsideOptions();
        return new(server, options, Secrets(("TOKEN", Canary), ("WEBHOOK", $"{server.Address}hooks/abcdefghijklmnopqrstuvwxyz")));
    }

    public static RuleSecrets Secrets(params (string Name, string Value)[] secrets) =>
        new(secrets.ToDictionary(secret => secret.Name, secret => new Secret(secret.Value), StringComparer.Ordinal));

    public Intent Prepare(Value address, params (string Option, Value Value)[] options) => Assert.IsType<Preparation.Ready>(Action.Prepare(
        BuiltInActions.Some.Input(BuiltInActions.Some.Event(), address, options) with { RepeatKey = "key-1" })).Intent;

    public Value Address(string path = "a") => BuiltInActions.Some.Text(new Uri(Server.Address, path).AbsoluteUri);

    public static Value SecretText(string before, string name) =>
        Value.Of(MarkedText.Join(MarkedText.Of(before, isMarkup: true), MarkedText.OfSecret(name)), ValueMarks.None);

    public Task<ActionOutcome> SendAsync(Intent intent) => Action.SendAsync(intent, "main", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Server.DisposeAsync();
    }
}

using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>Finds out whether Misskey is at an address.</summary>
internal sealed class ServerLook(MisskeySender misskey, SoftwareProbe probe)
{
    // How Misskey itself is called there; forks have names of their own.
    private const string Original = "misskey";

    private static readonly Secret NoToken = new("");

    /// <summary>What is there.</summary>
    public async Task<ServerStanding> AskAsync(Uri server, CancellationToken cancellationToken)
    {
        var outcome = await misskey.AskForAsync(Stranger(server), "meta", """{"detail":false}""", cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (outcome is ActionOutcome.NotSent or ActionOutcome.RateLimited)
        {
            return new(IsMisskey: false, Explain(server, outcome)) { IsTemporary = true };
        }

        var traits = await probe.AskAsync(server, cancellationToken);
        return outcome is ActionOutcome.Done { Answer: { } meta } && meta.GetText("version") is { Length: > 0 } version
            ? new(IsMisskey: true, Describe(server, traits.Software ?? Original, Misskey.Words.OneLine(version, 60)))
            : new(IsMisskey: false, Explain(server, outcome, traits)) { IsTemporary = traits.Status >= 500 };
    }

    /// <summary>Nobody in particular, who asks without a token.</summary>
    public static Account Stranger(Uri server) => new() { Name = "", Server = server, Token = NoToken, HookSecrets = [] };

    private static Phrase Describe(Uri server, string software, string version) => software.Equals(Original, StringComparison.OrdinalIgnoreCase)
        ? Phrase.Of($"{server.Authority} is Misskey {version}.")
        : Phrase.Of($"{server.Authority} is {software} {version}, which speaks Misskey's API.");

    private static Phrase Explain(Uri server, ActionOutcome outcome) => outcome switch
    {
        ActionOutcome.RateLimited => Phrase.Of($"{server.Authority} asks for patience. Try again in some minutes."),
        ActionOutcome.NotSent { Reason: FaultSentence.UnknownIssuer } =>
            Phrase.Of($"{server.Authority} shows a certificate that this machine does not trust: the server made it itself, or its issuer is not known here. Give the server one that is trusted, or add its issuer to this machine's certificates; then try again."),
        ActionOutcome.NotSent { Reason: FaultSentence.OtherName } =>
            Phrase.Of($"{server.Authority} shows a certificate that is for another name. Name the address at which you open Misskey in the browser."),
        ActionOutcome.NotSent { Reason: FaultSentence.OutOfTime } =>
            Phrase.Of($"{server.Authority} shows a certificate that has run out or is not valid yet. Look at this machine's clock; if that is right, the server's administrator must renew it."),
        ActionOutcome.NotSent { Reason: FaultSentence.NoTls } =>
            Phrase.Of($"{server.Authority} speaks no TLS, or none that this machine accepts. Is the port right? A Misskey on this machine or in its network is named with http://."),
        _ => Phrase.Of($"{server.Authority} cannot be reached: {Reasons.Told(outcome)} Look at the address, and whether this machine may call it; then try again."),
    };

    private static Phrase Explain(Uri server, ActionOutcome outcome, ServerTraits traits) => traits switch
    {
        { MovedTo: { } target } =>
            Phrase.Of($"{server.Authority} sends on to {target.Authority}. Name that one, if it is your server: `connect {ToType(target)}`."),
        { Software: { } software } when !software.Equals(Original, StringComparison.OrdinalIgnoreCase) =>
            Phrase.Of($"{server.Authority} runs {software} {traits.Version}, which does not speak Misskey's API. Name a server that runs Misskey or one of its forks."),
        { Status: >= 500 } =>
            Phrase.Of($"{server.Authority} is in trouble: something in front of it answers with HTTP {traits.Status}. Look whether Misskey opens in the browser; then try again."),
        _ when outcome is ActionOutcome.Rejected { Code: "REDIRECT" } =>
            Phrase.Of($"{server.Authority} sends on to another address. Open it in the browser, and name the one that stands there in the end."),
        _ when outcome is ActionOutcome.Uncertain =>
            Phrase.Of($"{server.Authority} answers with something else than Misskey's API. Name the address at which you open Misskey in the browser; if it is that one, something in front of it keeps programs out: a login, or a protection against robots. Its administrator must let this machine call /api/."),
        _ => Phrase.Of($"{server.Authority} answers, but not as Misskey does. Name the address at which you open Misskey in the browser."),
    };

    private static string ToType(Uri server) => server.Scheme == Uri.UriSchemeHttps ? server.Authority : server.GetLeftPart(UriPartial.Authority);
}

/// <summary>What was found at an address.</summary>
/// <param name="IsMisskey">Whether Misskey is there, or what speaks as it does.</param>
/// <param name="Sentence">What is there; where it is no Misskey, with what to do.</param>
internal sealed record ServerStanding(bool IsMisskey, Phrase Sentence)
{
    /// <summary>Whether it may be another time.</summary>
    public bool IsTemporary { get; init; }
}

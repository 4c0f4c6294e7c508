using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>Finds out whether Misskey is at an address.</summary>
internal sealed class ServerLook(MisskeySender misskey)
{
    private static readonly Secret NoToken = new("");

    /// <summary>The version of Misskey that is there; otherwise why not, with what to do.</summary>
    public async Task<(string? Version, Phrase? Trouble, bool IsTemporary)> AskAsync(Uri server, CancellationToken cancellationToken)
    {
        var outcome = await misskey.AskForAsync(Stranger(server), "meta", """{"detail":false}""", cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return outcome is ActionOutcome.Done { Answer: { } meta } && meta.GetText("version") is { Length: > 0 } version
            ? (Misskey.Words.OneLine(version, 60), null, false)
            : (null, Explain(server, outcome), outcome is ActionOutcome.NotSent or ActionOutcome.RateLimited);
    }

    /// <summary>Nobody in particular, who asks without a token.</summary>
    public static Account Stranger(Uri server) => new() { Name = "", Server = server, Token = NoToken, HookSecrets = [] };

    private static Phrase Explain(Uri server, ActionOutcome outcome) => outcome switch
    {
        ActionOutcome.NotSent { Reason: FaultSentence.Tls } =>
            Phrase.Of($"{server.Authority} shows a certificate that this machine does not trust, or speaks no TLS. Give it one that is trusted, or add its issuer to this machine's certificates; then try again."),
        ActionOutcome.NotSent { Reason: var reason } =>
            Phrase.Of($"{server.Authority} cannot be reached: {reason} Look at the address, and whether this machine may call it; then try again."),
        ActionOutcome.RateLimited => Phrase.Of($"{server.Authority} asks for patience. Try again in some minutes."),
        ActionOutcome.Rejected { Code: "REDIRECT", Reason: var reason } =>
            Phrase.Of($"{server} is not the address itself: {reason} Misskey's address begins with https:// and has no path."),
        ActionOutcome.Done or ActionOutcome.Rejected =>
            Phrase.Of($"{server.Authority} answers, but not as Misskey does. Name the address at which you open Misskey in the browser."),
        _ => Phrase.Of($"{server.Authority} answers with something else than Misskey's API: {Reasons.Of(outcome)} Name the address at which you open Misskey in the browser; if it is that one, the server is in trouble: try again later."),
    };
}

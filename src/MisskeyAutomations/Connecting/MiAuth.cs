using System.Globalization;
using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>
/// Asks the person for a token with certain permissions, in the browser (<see href="https://misskey-hub.net/docs/for-developers/api/token/miauth/"/>).
/// Misskey does not tell who refused from who has not decided yet: then nothing comes, until the time is over.
/// </summary>
internal sealed class MiAuth(MisskeySender misskey, TimeProvider time)
{
    /// <summary>How long a person has.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // Who sits before the page is quick; who went for a tea is not worth so many calls.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LaterBetween = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(60);

    /// <summary>The token, once the person has agreed.</summary>
    /// <exception cref="ConnectingException">The time is over, or the server is in trouble.</exception>
    public async Task<Secret> AskAsync(Uri server, IReadOnlyList<string> permissions, TimeSpan patience, Teller tell, CancellationToken cancellationToken)
    {
        var session = NewSession();
        await tell(new Progress($"Open this page, signed in to {server.Authority} as the account that is to act, and allow it:") { Link = LinkOf(server, session, permissions) });
        await tell(new Progress($"Waiting for it to be allowed, for {Told(patience)}. Misskey tells nobody of a page that was closed or denied: then end this with Ctrl+C. Nothing is kept until it is allowed.")
        {
            OnPage = Phrase.Of($"Waiting for it to be allowed, for {Told(patience)}. Misskey tells nobody of a page that was closed or denied: then end this here. Nothing is kept until it is allowed."),
        });
        var (begin, spoke) = (time.GetTimestamp(), TimeSpan.Zero);
        while (time.GetElapsedTime(begin) is var waited && waited < patience)
        {
            if (waited - spoke >= BetweenWords)
            {
                spoke = waited;
                await tell(new Progress($"Still waiting for it to be allowed; {Told(patience - waited)} are left. Denied it, or closed the page? Ctrl+C ends this, and nothing is kept.")
                {
                    OnPage = Phrase.Of($"Still waiting for it to be allowed; {Told(patience - waited)} are left."),
                });
            }

            await Task.Delay(waited < BetweenWords ? Between : LaterBetween, time, cancellationToken);
            var outcome = await CheckAsync(server, session, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (outcome is ActionOutcome.Done { Answer: { } answer } && answer.IsTrue("ok") && answer.GetText("token") is { Length: > 0 } token)
            {
                return new Secret(token);
            }

            if (outcome is ActionOutcome.Rejected { Reason: var reason })
            {
                throw new ConnectingException($"{server.Authority} knows no MiAuth: {Reasons.Told(reason)} Make a token by hand in Misskey under Settings > API, and give it with --token-stdin.",
                    onPage: Phrase.Of($"{server.Authority} knows no MiAuth: {Reasons.Told(reason)} Make a token by hand in Misskey under Settings > API, and give it here."));
            }

            if (outcome is ActionOutcome.RateLimited { RetryAfter: var rest })
            {
                await Task.Delay(rest, time, cancellationToken);
            }
        }

        throw new ConnectingException(
            $"It was not allowed within {Told(patience)}, or it was denied; nothing was kept. Run the command again for a new page; --timeout waits longer.", isTemporary: true,
            onPage: Phrase.Of($"It was not allowed within {Told(patience)}, or it was denied; nothing was kept. Connect it again for a new page."));
    }

    /// <summary>The name of a question that nobody else can guess.</summary>
    public static string NewSession() => Guid.NewGuid().ToString("D", CultureInfo.InvariantCulture);

    /// <summary>The page on which the person agrees.</summary>
    /// <param name="server">Whose page.</param>
    /// <param name="session">The question.</param>
    /// <param name="permissions">What is asked for.</param>
    /// <param name="callback">Where Misskey leads them afterwards, with the session in the address; null: nowhere.</param>
    public static Uri LinkOf(Uri server, string session, IReadOnlyList<string> permissions, Uri? callback = null) => new(
        server,
        $"miauth/{session}?name=MisskeyAutomations&permission={string.Join(',', permissions)}{(callback is null ? "" : $"&callback={Uri.EscapeDataString(callback.AbsoluteUri)}")}");

    /// <summary>Asks the server whether the person agreed: the answer has their token and who they are then, once.</summary>
    public Task<ActionOutcome> CheckAsync(Uri server, string session, CancellationToken cancellationToken) =>
        misskey.AskForAsync(ServerLook.Stranger(server), $"miauth/{session}/check", "{}", cancellationToken);

    private static Phrase Told(TimeSpan time) => time < TimeSpan.FromMinutes(2) ? Phrase.Of($"{Math.Ceiling(time.TotalSeconds)} s") : Phrase.Of($"{Math.Ceiling(time.TotalMinutes)} min");
}

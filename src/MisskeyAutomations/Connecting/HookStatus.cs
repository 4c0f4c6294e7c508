using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Connecting;

/// <summary>Says what became of a webhook's last request, by what Misskey was answered.</summary>
internal static class HookStatus
{
    /// <summary>Why it does not arrive, and what to do.</summary>
    public static Phrase Explain(MisskeyHook hook) => hook.LatestStatus switch
    {
        null => Phrase.Of($"Misskey has sent nothing to {hook.Url} yet; its queue may be long. Wait a minute and ask `doctor`."),
        1 => Phrase.Of($"Misskey gets no HTTP answer from {hook.Url}: the name is not found, nothing listens, the certificate is not trusted, or the answer takes longer than 5 s. Look at the address, the proxy and the firewall, then ask `doctor`."),
        >= 300 and < 400 => Phrase.Of($"{hook.Url} redirects (HTTP {hook.LatestStatus}). A redirected webhook arrives as a GET and is lost: let the proxy pass /hooks/ on as it is."),
        401 => Phrase.Of($"{hook.Url} is answered with 401: another engine listens there, or one that does not know the secret."),
        404 => Phrase.Of($"{hook.Url} is answered with 404: the proxy does not pass /hooks/ on to this engine."),
        405 => Phrase.Of($"{hook.Url} is answered with 405: a proxy redirects, so that the POST arrives as a GET. Let it pass /hooks/ on as it is."),
        502 or 503 or 504 => Phrase.Of($"{hook.Url} is answered with {hook.LatestStatus}: the proxy does not reach this engine. Look at the address that it passes on to."),
        >= 200 and < 300 => Phrase.Of($"Misskey says that {hook.Url} took the webhook (HTTP {hook.LatestStatus}), but it did not come to this engine: something else answers there, or a proxy redirects."),
        var status => Phrase.Of($"{hook.Url} is answered with {status}. Look at the log of the proxy in front."),
    };
}

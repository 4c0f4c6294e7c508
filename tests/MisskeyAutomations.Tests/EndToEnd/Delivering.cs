using System.Net;
using MisskeyAutomations.Tests.Sandbox;

namespace MisskeyAutomations.Tests.EndToEnd;

/// <summary>Misskey's part at the door of an engine that may be dead just now.</summary>
internal static class Delivering
{
    extension(HttpClient http)
    {
        /// <summary>Posts a webhook request as Misskey does; whether it was taken. False as well when nobody answers.</summary>
        public async Task<bool> DeliverAsync(Uri door, ReceivedHook hook, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, door) { Content = new ByteArrayContent(hook.Body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Add("X-Misskey-Hook-Secret", House.Secret);
            try
            {
                using var answer = await http.SendAsync(request, cancellationToken);
                return answer.StatusCode == HttpStatusCode.NoContent;
            }
            catch (Exception dead) when (dead is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return false;
            }
        }
    }
}

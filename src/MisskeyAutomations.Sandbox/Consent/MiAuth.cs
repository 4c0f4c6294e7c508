using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using MisskeyAutomations.Sandbox.Api;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Consent;

/// <summary>
/// MiAuth as Misskey does it: an app opens <c>/miauth/{session}</c> in a browser, the person there agrees, and the app fetches the token
/// once at <c>/api/miauth/{session}/check</c>. Whoever refuses leaves nothing behind: the app is told the same as while nobody has decided.
/// </summary>
internal sealed class MiAuth(WorldState state)
{
    private const string Page = "/miauth/";
    private const string Check = "/api/miauth/";
    private const string CheckEnd = "/check";

    private readonly Dictionary<string, (Account Account, string Token)> _granted = new(StringComparer.Ordinal);

    /// <summary>Whether a request is for it.</summary>
    public static bool Takes(PathString path) => path.Value is { } text
        && (text.StartsWith(Page, StringComparison.Ordinal) || (text.StartsWith(Check, StringComparison.Ordinal) && text.EndsWith(CheckEnd, StringComparison.Ordinal)));

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        return path.StartsWith(Check, StringComparison.Ordinal)
            ? AnswerCheckAsync(context, path[Check.Length..^CheckEnd.Length])
            : HttpMethods.IsPost(context.Request.Method) ? DecideAsync(context, path[Page.Length..]) : ShowAsync(context);
    }

    /// <summary>What <c>miauth/gen-token</c> does: a token with these permissions, unknown ones among them, kept for the session if there is one.</summary>
    public string Grant(Account account, string? session, IEnumerable<string> kinds)
    {
        lock (state.Gate)
        {
            var token = WorldState.NewToken(32);
            state.Tokens.Add(token, new AccessToken(account, kinds.ToHashSet(StringComparer.Ordinal)));
            if (session is not null)
            {
                _granted[session] = (account, token);
            }

            return token;
        }
    }

    private Task ShowAsync(HttpContext context)
    {
        Account[] people;
        lock (state.Gate)
        {
            people = [.. state.Accounts.Values];
        }

        return SendAsync(context, ConsentPage.Form(context.Request.Query["name"], Kinds(context.Request.Query["permission"]), people.Select(person => person.Username)));
    }

    // The browser of a real server holds its user's own token; here the form says who sits before it.
    private async Task DecideAsync(HttpContext context, string session)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        Account? person;
        lock (state.Gate)
        {
            person = state.AccountsByName.GetValueOrDefault(form["user"].ToString());
        }

        if (form["decision"] != "allow" || person is null)
        {
            await SendAsync(context, ConsentPage.Refused);
            return;
        }

        Grant(person, session, Kinds(context.Request.Query["permission"]));
        if (Uri.TryCreate(context.Request.Query["callback"], UriKind.Absolute, out var callback) && callback.Scheme is "https" or "http")
        {
            context.Response.Redirect(QueryHelpers.AddQueryString(callback.AbsoluteUri, "session", session));
            return;
        }

        await SendAsync(context, ConsentPage.Granted);
    }

    private async Task AnswerCheckAsync(HttpContext context, string session)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            await ApiAnswer.SendAsync(context.Response, Refusals.UnknownEndpoint);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, StringifyEncoder.Options))
        {
            WriteCheck(json, session);
        }

        await ApiAnswer.SendAsync(context.Response, buffer.WrittenMemory);
    }

    private void WriteCheck(Utf8JsonWriter json, string session)
    {
        lock (state.Gate)
        {
            json.WriteStartObject();
            var isGranted = _granted.Remove(session, out var granted);
            json.WriteBoolean("ok", isGranted);
            if (isGranted)
            {
                json.WriteString("token", granted.Token);
                json.WritePropertyName("user");
                UserJson.WriteDetailed(json, granted.Account, reader: null);
            }

            json.WriteEndObject();
        }
    }

    private static string[] Kinds(string? permission) =>
        (permission ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Task SendAsync(HttpContext context, string page)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(page, context.RequestAborted);
    }
}

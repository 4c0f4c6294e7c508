using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>Sends answers with the statuses, headers and shapes of Misskey and of the web framework under it.</summary>
internal static class ApiAnswer
{
    private const string JsonType = "application/json; charset=utf-8";

    /// <summary>nginx's page.</summary>
    private static readonly byte[] BadGateway = """
        <html>
        <head><title>502 Bad Gateway</title></head>
        <body>
        <center><h1>502 Bad Gateway</h1></center>
        <hr><center>nginx</center>
        </body>
        </html>
        """u8.ToArray();

    /// <summary>200 with the JSON, or 204 when the endpoint wrote none.</summary>
    public static async Task SendAsync(HttpResponse response, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        response.ContentType = JsonType;
        response.ContentLength = json.Length;
        await response.BodyWriter.WriteAsync(json, response.HttpContext.RequestAborted);
    }

    public static Task SendAsync(HttpResponse response, Refusal refusal)
    {
        response.StatusCode = refusal.Status;
        if (refusal.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        if (Challenge(refusal) is { } challenge)
        {
            response.Headers.WWWAuthenticate = challenge;
        }
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, StringifyEncoder.Options))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", refusal.Message);
            json.WriteString("code", refusal.Code);
            json.WriteString("id", refusal.Id);
            json.WriteString("kind", refusal.Kind);
            if (refusal.InfoJson is { } info)
            {
                json.WritePropertyName("info");
                json.WriteRawValue(info);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return WriteAsync(response, buffer.WrittenMemory, JsonType);
    }

    /// <summary>What the framework refuses before Misskey sees it; here <c>error</c> is a string.</summary>
    public static Task SendFrameworkErrorAsync(HttpResponse response, int status, string name, string message, string? code = null)
    {
        response.StatusCode = status;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, StringifyEncoder.Options))
        {
            json.WriteStartObject();
            if (code is null)
            {
                json.WriteString("message", message);
                json.WriteString("error", name);
                json.WriteNumber("statusCode", status);
            }
            else
            {
                json.WriteNumber("statusCode", status);
                json.WriteString("code", code);
                json.WriteString("error", name);
                json.WriteString("message", message);
            }
            json.WriteEndObject();
        }
        return WriteAsync(response, buffer.WrittenMemory, JsonType);
    }

    public static Task SendBadGatewayAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status502BadGateway;
        return WriteAsync(response, BadGateway, "text/html");
    }

    private static string? Challenge(Refusal refusal) => refusal switch
    {
        { Status: 401, Code: "CREDENTIAL_REQUIRED" } => "Bearer realm=\"Misskey\"",
        { Status: 401 } => Challenge("invalid_token", refusal),
        { Code: "RATE_LIMIT_EXCEEDED" or "UNKNOWN_API_ENDPOINT" } => null,
        { Kind: "client" } => Challenge("invalid_request", refusal),
        { Code: "PERMISSION_DENIED" } => Challenge("insufficient_scope", refusal),
        _ => null,
    };

    private static string Challenge(string error, Refusal refusal) =>
        $"Bearer realm=\"Misskey\", error=\"{error}\", error_description=\"{refusal.Message}\"";

    private static async Task WriteAsync(HttpResponse response, ReadOnlyMemory<byte> body, string contentType)
    {
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, response.HttpContext.RequestAborted);
    }
}

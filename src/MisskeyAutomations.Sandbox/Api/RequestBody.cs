using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>Reads what a request carries, or answers as the web framework under Misskey does when it cannot.</summary>
internal static class RequestBody
{
    private const int MaximumJson = 1 << 20;
    private static readonly byte[] Empty = "{}"u8.ToArray();

    /// <summary>Null when the request has been answered already.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadJsonAsync(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method))
        {
            return FromQuery(request);
        }
        if (request.ContentLength is null or 0 && string.IsNullOrEmpty(request.ContentType))
        {
            return Empty;
        }
        if (!(request.ContentType ?? "").StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            await ApiAnswer.SendFrameworkErrorAsync(
                context.Response, StatusCodes.Status415UnsupportedMediaType, "Unsupported Media Type",
                "Unsupported Media Type: " + request.ContentType, "FST_ERR_CTP_INVALID_MEDIA_TYPE");
            return null;
        }
        return request.ContentLength > MaximumJson ? await RefuseTooLargeAsync(context) : await ReadAsync(context);
    }

    public static async Task<JsonDocument?> ParseAsync(HttpContext context, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonDocument.Parse(WireText.Scrub(bytes));
        }
        catch (JsonException)
        {
            await ApiAnswer.SendFrameworkErrorAsync(
                context.Response, StatusCodes.Status400BadRequest, "Bad Request",
                "Body is not valid JSON but content-type is set to 'application/json'", "FST_ERR_CTP_INVALID_JSON_BODY");
            return null;
        }
    }

    /// <summary>The fields of a multipart request as JSON and its file, of which only the description is kept.</summary>
    public static async Task<(ReadOnlyMemory<byte> Fields, UploadedFile? File)> ReadMultipartAsync(
        HttpContext context, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        var fields = ToJson(form.Where(field => field.Value.Count > 0));
        if (form.Files.GetFile("file") is not { } file)
        {
            return (fields, null);
        }
        await using var content = file.OpenReadStream();
#pragma warning disable CA5351 // Misskey shows the MD5 of a file; nothing is secured by it.
        var md5 = await MD5.HashDataAsync(content, cancellationToken);
#pragma warning restore CA5351
        return (fields, new UploadedFile(file.FileName, file.ContentType, Convert.ToHexStringLower(md5), file.Length));
    }

    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > MaximumJson)
            {
                return await RefuseTooLargeAsync(context);
            }
            if (read.IsCompleted)
            {
                var bytes = new byte[read.Buffer.Length];
                System.Buffers.BuffersExtensions.CopyTo(read.Buffer, bytes);
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<ReadOnlyMemory<byte>?> RefuseTooLargeAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close"; // the rest of the body is not read
        await ApiAnswer.SendFrameworkErrorAsync(
            context.Response, StatusCodes.Status413PayloadTooLarge, "Payload Too Large", "Request body is too large", "FST_ERR_CTP_BODY_TOO_LARGE");
        return null;
    }

    private static ReadOnlyMemory<byte> FromQuery(HttpRequest request) => ToJson(request.Query);

    /// <summary>Texts become JSON texts, but for numbers and booleans, which Misskey casts.</summary>
    private static ReadOnlyMemory<byte> ToJson(IEnumerable<KeyValuePair<string, StringValues>> fields)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, values) in fields)
            {
                var value = values[0]!;
                json.WritePropertyName(name);
                if (value is "true" or "false" or "null" || (long.TryParse(value, CultureInfo.InvariantCulture, out _) && name is not "name"))
                {
                    json.WriteRawValue(value);
                }
                else
                {
                    json.WriteStringValue(value);
                }
            }
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }
}

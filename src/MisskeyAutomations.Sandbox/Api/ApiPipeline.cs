using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MisskeyAutomations.Sandbox.Faults;
using MisskeyAutomations.Sandbox.Json;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>
/// The way of one call: route, body, token, injected fault, limit, permission, validation, the endpoint, the answer.
/// Limits are counted before permission and validation, so that calls that fail count, as in Misskey.
/// </summary>
internal sealed class ApiPipeline(
    WorldState state, ApiCatalogue catalogue, FaultPlan faults, CallJournal journal, PauseSwitch pause, SandboxOptions options)
{
    private const string Prefix = "/api/";

    private readonly CallLimiter _limiter = new();
    private int _parked;

    /// <summary>Calls that were cut off and are still to be executed.</summary>
    public int Parked => Volatile.Read(ref _parked);

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        var name = path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : null;
        if (name is null || catalogue.Find(name) is not { } endpoint)
        {
            await AnswerUnknownAsync(context, path, isApi: name is not null);
            return;
        }
        if (HttpMethods.IsGet(context.Request.Method) && !endpoint.AllowsGet)
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }
        try
        {
            await pause.WaitAsync(context.RequestAborted);
            await CallAsync(context, endpoint);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller went away.
        }
    }

    private async Task CallAsync(HttpContext context, ApiEndpoint endpoint)
    {
        ReadOnlyMemory<byte> bytes;
        UploadedFile? file = null;
        if (endpoint.TakesFile && context.Request.HasFormContentType)
        {
            (bytes, file) = await RequestBody.ReadMultipartAsync(context, context.RequestAborted);
        }
        else if (await RequestBody.ReadJsonAsync(context) is { } read)
        {
            bytes = read;
        }
        else
        {
            return;
        }
        using var body = await RequestBody.ParseAsync(context, bytes);
        if (body is not null)
        {
            await CallAsync(context, new Call(endpoint, body.RootElement, endpoint.TakesFile ? default : bytes, file));
        }
    }

    private async Task CallAsync(HttpContext context, Call call)
    {
        if (!TryReadToken(context.Request, call.Body, out var token))
        {
            // Misskey forgets to answer when `i` is not a string.
            Record(call, token: null, status: 0, "NO_ANSWER");
            await SwallowAsync(context);
            return;
        }
        var fault = faults.Next(call.Endpoint.Name);
        call = call with { Fault = fault };
        if (fault is Fault.Delayed { Time: var time })
        {
            await Task.Delay(time, options.TimeProvider, context.RequestAborted);
        }
        if (fault is null or Fault.Delayed or Fault.DelayedAfter or Fault.FailedAfter or Fault.ResetAfter)
        {
            await ExecuteAsync(context, call, token);
        }
        else
        {
            await FailAsync(context, call, token, fault);
        }
    }

    private async Task ExecuteAsync(HttpContext context, Call call, string? token)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        var refusal = Execute(context, call, token, buffer);
        if (call.Fault is Fault.ResetAfter)
        {
            Record(call, token, status: 0, "RESET");
            context.Abort();
            return;
        }
        if (call.Fault is Fault.DelayedAfter { Time: var time })
        {
            await Task.Delay(time, options.TimeProvider, context.RequestAborted);
        }
        if (call.Fault is Fault.FailedAfter)
        {
            refusal = Refusals.InternalError("Injected failure after execution");
        }
        var status = refusal?.Status ?? (buffer.WrittenCount == 0 ? StatusCodes.Status204NoContent : StatusCodes.Status200OK);
        Record(call, token, status, refusal?.Code);
        await (refusal is null ? ApiAnswer.SendAsync(context.Response, buffer.WrittenMemory) : ApiAnswer.SendAsync(context.Response, refusal));
    }

    private Refusal? Execute(HttpContext context, Call call, string? token, ArrayBufferWriter<byte> buffer)
    {
        lock (state.Gate)
        {
            var access = token is null ? null : state.Tokens.GetValueOrDefault(token);
            if (token is not null && access is null)
            {
                return Refusals.AuthenticationFailed;
            }
            if (Admit(context, call.Endpoint, access) is { } refused)
            {
                return refused;
            }
            if (call.Endpoint.Check(call.Body) is { } violation)
            {
                return Invalid(violation);
            }
            using var json = new Utf8JsonWriter(buffer, StringifyEncoder.Options);
            return call.Endpoint.Run(new ApiRequest(access?.Account, call.Body, json, call.File) { IsBegun = call.IsBegun });
        }
    }

    private Refusal? Admit(HttpContext context, ApiEndpoint endpoint, AccessToken? access)
    {
        if (endpoint.Secure && (access is null || access.Kinds is not null))
        {
            return Refusals.AccessDenied;
        }
        if (options.RateLimits && endpoint.Limit is { } limit)
        {
            var actor = access?.Account.Id ?? context.Connection.RemoteIpAddress?.ToString() ?? "";
            if (_limiter.Count(actor, endpoint.Name, limit, state.Now) is { } exceeded)
            {
                return exceeded;
            }
        }
        if (endpoint.Anonymous)
        {
            return null;
        }
        return access switch
        {
            null => Refusals.CredentialRequired,
            { Account.IsSuspended: true } => Refusals.Suspended,
            { Kinds: { } kinds } when endpoint.Kind is null || !kinds.Contains(endpoint.Kind) => Refusals.PermissionDenied,
            _ => null,
        };
    }

    private async Task FailAsync(HttpContext context, Call call, string? token, Fault fault)
    {
        switch (fault)
        {
            case Fault.Reset:
                Record(call, token, status: 0, "RESET");
                context.Abort();
                break;
            case Fault.Parked { Time: var time }:
                Interlocked.Increment(ref _parked);
                context.Abort();
                await ExecuteLaterAsync(context, call with { Body = call.Body.Clone() }, token, time);
                break;
            case Fault.AtWork { Time: var time }:
                var begun = call with { Body = call.Body.Clone(), IsBegun = Begin(call, token) };
                Interlocked.Increment(ref _parked);
                context.Abort();
                await ExecuteLaterAsync(context, begun, token, begun.IsBegun ? time : TimeSpan.Zero);
                break;
            case Fault.Swallowed:
                Record(call, token, status: 0, "NO_ANSWER");
                await SwallowAsync(context);
                break;
            case Fault.BadGateway:
                Record(call, token, StatusCodes.Status502BadGateway, "BAD_GATEWAY");
                await ApiAnswer.SendBadGatewayAsync(context.Response);
                break;
            case Fault.Limited { RetryAfter: var retryAfter }:
                await RefuseAsync(context, call, token, Refusals.RateLimitExceeded(state.Now + retryAfter, state.Now, call.Endpoint.Limit?.Max ?? 1));
                break;
            case Fault.Refused { Status: var status, Code: var code }:
                await RefuseAsync(context, call, token, Injected(call.Endpoint, status, code));
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task ExecuteLaterAsync(HttpContext context, Call call, string? token, TimeSpan time)
    {
        await Task.Delay(time, options.TimeProvider, CancellationToken.None);
        Execute(context, call, token, new ArrayBufferWriter<byte>(1024));
        Record(call, token, status: 0, "RESET");
        Interlocked.Decrement(ref _parked);
    }

    private bool Begin(Call call, string? token)
    {
        lock (state.Gate)
        {
            var access = token is null ? null : state.Tokens.GetValueOrDefault(token);
            using var json = new Utf8JsonWriter(new ArrayBufferWriter<byte>());
            return access is not null && call.Endpoint.Begin?.Invoke(new ApiRequest(access.Account, call.Body, json, call.File)) == true;
        }
    }

    private Task RefuseAsync(HttpContext context, Call call, string? token, Refusal refusal)
    {
        Record(call, token, refusal.Status, refusal.Code);
        return ApiAnswer.SendAsync(context.Response, refusal);
    }

    /// <summary>The endpoint's own error of that code, or one made up.</summary>
    private static Refusal Injected(ApiEndpoint endpoint, int status, string code) =>
        (Refusals.Find(endpoint.Name, code) ?? new Refusal(
            status, code, "Injected failure.", "00000000-0000-4000-8000-000000000000", status >= 500 ? "server" : "client")) with { Status = status };

    private static Refusal Invalid(Violation violation) =>
        new(400, "INVALID_PARAM", "Invalid param.", "3d81ceae-475f-4600-b2a8-2bc116157532")
        {
            InfoJson = $$"""{"param":{{Quote(violation.Path)}},"reason":{{Quote(violation.Reason)}}}""",
        };

    private static string Quote(string text) => $"\"{StringifyEncoder.Options.Encoder!.Encode(text)}\"";

    /// <summary>The header wins over the body; its scheme is case-sensitive. False when <c>i</c> is not a string.</summary>
    private static bool TryReadToken(HttpRequest request, JsonElement body, out string? token)
    {
        token = null;
        if (request.Headers.Authorization is [{ } header] && header.StartsWith("Bearer ", StringComparison.Ordinal))
        {
            token = header["Bearer ".Length..];
            return true;
        }
        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("i", out var i) || i.ValueKind is JsonValueKind.Null)
        {
            return true;
        }
        token = i.ValueKind is JsonValueKind.String ? i.GetString() : null;
        return token is not null;
    }

    private void Record(Call call, string? token, int status, string? errorCode)
    {
        string? username = null;
        if (token is not null)
        {
            lock (state.Gate)
            {
                username = state.Tokens.GetValueOrDefault(token)?.Account.Username;
            }
        }
        journal.Add(new ApiCall(state.Now, username, call.Endpoint.Name, status, errorCode) { Bytes = call.Bytes, Fault = call.Fault });
    }

    private Task SwallowAsync(HttpContext context) =>
        Task.Delay(Timeout.InfiniteTimeSpan, options.TimeProvider, context.RequestAborted);

    private static Task AnswerUnknownAsync(HttpContext context, string path, bool isApi) =>
        isApi && HttpMethods.IsGet(context.Request.Method)
            ? ApiAnswer.SendAsync(context.Response, Refusals.UnknownEndpoint)
            : ApiAnswer.SendFrameworkErrorAsync(
                context.Response, StatusCodes.Status404NotFound, "Not Found", $"Route {context.Request.Method}:{path} not found");

    private sealed record Call(ApiEndpoint Endpoint, JsonElement Body, ReadOnlyMemory<byte> Bytes, UploadedFile? File)
    {
        public Fault? Fault { get; init; }

        public bool IsBegun { get; init; }
    }
}

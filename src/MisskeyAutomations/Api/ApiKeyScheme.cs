using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Api;

/// <summary>Knows who asks by the key in the header <c>Authorization: Bearer</c>, and by nothing else: a browser sends that for nobody.</summary>
internal sealed class ApiKeyScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys, ApiBrake brake)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "api-key";

    /// <summary>The role of a key that may give orders.</summary>
    public const string Orders = "orders";

    private const string Bearer = "Bearer ";

    private ApiRefusal? _refusal;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var refusal = _refusal ?? new ApiRefusal(
            StatusCodes.Status401Unauthorized, "no-key", "The API needs a key. Make one with `api-keys add NAME` and send it as the header Authorization: Bearer mka_….");
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }

        return refusal.ToResult(Request).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => new ApiRefusal(
        StatusCodes.Status403Forbidden, "read-only-key", "This key may only look. Make one that may give orders with `api-keys add NAME`, without --read-only.").ToResult(Request).ExecuteAsync(Context);

    private AuthenticateResult Authenticate()
    {
        var given = Request.Headers.Authorization.ToString();
        try
        {
            if (given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && keys.Find(given[Bearer.Length..].Trim()) is { } key)
            {
                return LetsIn($"key {key.Name}") ? AuthenticateResult.Success(new(Principal(key.Name, key.IsReadOnly), SchemeName)) : AuthenticateResult.Fail("Too many requests.");
            }
        }
        catch (StoreUnavailableException trouble)
        {
            _refusal = new(StatusCodes.Status503ServiceUnavailable, "store-unavailable", $"The store cannot be read now: {trouble.Message} Try again in a minute.");
            return AuthenticateResult.Fail(trouble);
        }

        if (!LetsIn($"stranger {Context.Connection.RemoteIpAddress}") || given.Length == 0)
        {
            return AuthenticateResult.NoResult();
        }

        _refusal = new(StatusCodes.Status401Unauthorized, "wrong-key", "There is no such key. `api-keys list` names those that there are; a lost one is made anew with `api-keys add NAME`.");
        return AuthenticateResult.Fail("There is no such key.");
    }

    private bool LetsIn(string who)
    {
        if (brake.LetsIn(who, out var after))
        {
            return true;
        }

        var seconds = (int)Math.Ceiling(after.TotalSeconds);
        Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _refusal = new(StatusCodes.Status429TooManyRequests, "too-many", $"Too many requests came within a short time. Try again in {seconds} s.");
        return false;
    }

    private static ClaimsPrincipal Principal(string name, bool isReadOnly) =>
        new(new ClaimsIdentity([new(ClaimTypes.Name, name), .. isReadOnly ? (Claim[])[] : [new(ClaimTypes.Role, Orders)]], SchemeName));
}

using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>The proxies that the pages show are started as they stand there, on loopback, and pass webhooks on as they are.</summary>
public sealed partial class ProxyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Nginx_passes_webhooks_on() => PassesOnAsync("nginx", (page, port) =>
    {
        var server = Certificates.Replace(page, match => _folder[match.Groups["file"].Value]).Replace("listen 443 ssl", $"listen 127.0.0.1:{port} ssl", StringComparison.Ordinal);
        var folders = string.Concat(((string[])["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]).Select(kind => $"{kind}_temp_path {_folder[kind]};\n"));
        var file = _folder.Write("nginx.conf", $"daemon off;\nmaster_process off;\npid {_folder["nginx.pid"]};\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{folders}{server}\n}}\n");
        return ["-p", _folder.Path, "-c", file];
    });

    [Fact]
    public Task Caddy_passes_webhooks_on() => PassesOnAsync("caddy", (page, port) =>
    {
        var site = page.Replace("your.host {", $"https://localhost:{port} {{\n\ttls {_folder["fullchain.pem"]} {_folder["privkey.pem"]}", StringComparison.Ordinal);
        return ["run", "--adapter", "caddyfile", "--config", _folder.Write("Caddyfile", $"{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{site}")];
    });

    private async Task PassesOnAsync(string program, Func<string, int, string[]> arguments)
    {
        await using var house = await House.OpenAsync("rules: []");
        var thumbprint = WriteCertificate();
        var page = Document.Read("docs/deploying.md").Blocks().Single(block => block.Info == program).Text
            .Replace("127.0.0.1:8080", house.Door.Authority, StringComparison.Ordinal);
        var port = FreePort.Find();
        using var proxy = Start(program, arguments(page, port));
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == thumbprint },
            }) { BaseAddress = new Uri($"https://localhost:{port}/") };
            await Eventually.HoldsAsync(async () => proxy.HasExited || await AnswersAsync(http), $"{program} listens");
            Assert.False(proxy.HasExited, $"{program} ended.");

            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, HttpMethod.Post, "hooks/main", Test("small")));
            Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, HttpMethod.Post, "hooks/main", Test(new string('あ', 300_000))));
            Assert.Equal(HttpStatusCode.Unauthorized, await SendAsync(http, HttpMethod.Post, "hooks/main", Test("forged"), secret: "0123456789abcdef0000"));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, await SendAsync(http, HttpMethod.Get, "hooks/main", null));
            Assert.Equal(HttpStatusCode.NotFound, await SendAsync(http, HttpMethod.Post, "hooks/main/more", Test("elsewhere")));
            Assert.Equal(2, house.Ledger.Deliveries().Count);
            await house.StopAsync();
            Assert.Equal(HttpStatusCode.BadGateway, await SendAsync(http, HttpMethod.Post, "hooks/main", Test("later")));
        }
        finally
        {
            if (!proxy.HasExited)
            {
                proxy.Kill();
            }

            await proxy.WaitForExitAsync(CancellationToken.None);
        }
    }

    private Process Start(string program, string[] arguments)
    {
        // Debian puts nginx where only root looks.
        var path = ((string[])[$"/usr/sbin/{program}", $"/usr/bin/{program}", $"/usr/local/bin/{program}"]).FirstOrDefault(File.Exists) ?? program;
        var start = new ProcessStartInfo(path, arguments) { WorkingDirectory = _folder.Path };
        start.Environment["HOME"] = _folder.Path;
        start.Environment["XDG_DATA_HOME"] = _folder.Path;
        start.Environment["XDG_CONFIG_HOME"] = _folder.Path;
        return Process.Start(start)!;
    }

    private string WriteCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _folder.Write("fullchain.pem", certificate.ExportCertificatePem());
        _folder.Write("privkey.pem", key.ExportPkcs8PrivateKeyPem());
        return certificate.GetCertHashString();
    }

    private static async Task<bool> AnswersAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("hooks/main", UriKind.Relative), Token);
            return answer.StatusCode != HttpStatusCode.BadGateway;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, HttpMethod method, string path, string? body, string secret = House.Secret)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("X-Misskey-Hook-Secret", secret);
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "http");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.SendAsync(request, Token);
        return answer.StatusCode;
    }

    private static string Test(string text) => $$"""{"eventId":"{{Guid.NewGuid()}}","type":"note","body":{"note":{"id":"dummy-note-1","text":"{{text}}"} } }""";

    [GeneratedRegex(@"/etc/letsencrypt/live/your\.host/(?<file>\w+\.pem)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Certificates { get; }
}

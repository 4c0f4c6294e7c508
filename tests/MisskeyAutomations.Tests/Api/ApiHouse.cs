using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using MisskeyAutomations.Api;
using MisskeyAutomations.Dashboard;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Api;

/// <summary>A house whose engine serves the API, and programs with keys that use it.</summary>
internal sealed class ApiHouse : IAsyncDisposable
{
    private readonly HttpClient _http;

    private ApiHouse(House house, string key)
    {
        House = house;
        Key = key;
        _http = new() { BaseAddress = new Uri(house.Engine.Services.GetRequiredService<DashboardServer>().Address!) };
    }

    public House House { get; }

    /// <summary>A key that may give orders.</summary>
    public string Key { get; }

    public string Address => _http.BaseAddress!.ToString().TrimEnd('/');

    public ApiKeys Keys => House.Engine.Services.GetRequiredService<ApiKeys>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<ApiHouse> OpenAsync(string rules, ApiOptions? options = null, Action<House>? prepare = null)
    {
        var house = await House.OpenAsync(rules, start: false);
        house.Dashboard = new() { Urls = "http://127.0.0.1:0", Api = options ?? new() { PerSecond = 1_000, Burst = 10_000 } };
        prepare?.Invoke(house);
        await house.StartAsync();
        house.AddWebhook();
        return new(house, (await house.Engine.Services.GetRequiredService<ApiKeys>().MakeAsync("test", isReadOnly: false, Token))!);
    }

    /// <summary>What is answered to a look; it must be a good answer.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        var (status, json) = await SendAsync(HttpMethod.Get, path, null, Key);
        Assert.True(status == HttpStatusCode.OK, $"{path} gives {status}: {json}");
        return json;
    }

    /// <summary>What is answered to an order; it must be a good answer.</summary>
    public async Task<JsonElement> OrderAsync(string path, string? body = null, HttpMethod? method = null)
    {
        var (status, json) = await SendAsync(method ?? HttpMethod.Post, path, body, Key);
        Assert.True(status == HttpStatusCode.OK, $"{path} gives {status}: {json}");
        return json;
    }

    /// <summary>What is answered, whatever it is.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpMethod method, string path, string? body, string? key, params IEnumerable<(string Name, string Value)> headers)
    {
        using var answer = await AnswerAsync(method, path, body, key, headers);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync(Token)));
    }

    /// <summary>The same as it came.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(HttpMethod method, string path, string? body, string? key, params IEnumerable<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(request, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await House.DisposeAsync();
    }
}

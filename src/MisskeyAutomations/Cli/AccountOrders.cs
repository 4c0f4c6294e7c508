using System.Text;
using System.Text.Json;
using MisskeyAutomations.Connecting;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Cli;

/// <summary>Brings orders about accounts to the running engine, which answers line by line while it works.</summary>
internal static class AccountOrders
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <summary>The engine's side. Whoever goes away ends what he ordered.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        var order = await JsonSerializer.DeserializeAsync(context.Request.Body, OrderJson.Default.AccountOrder, context.RequestAborted);
        var language = Translation.Find(order!.Language) ?? Translation.English;
        context.Response.ContentType = "application/x-ndjson";
        Task SayAsync(OrderLine line) => WriteAsync(context.Response, line, context.RequestAborted);
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(
                context.RequestAborted, context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
            var exit = await order.ExecuteAsync(
                context.RequestServices,
                progress => SayAsync(new OrderLine { Say = progress.Sentence.In(language), Link = progress.Link, Shown = progress.Shown }),
                ending.Token);
            await SayAsync(new OrderLine { Exit = exit });
        }
        catch (ConnectingException refused)
        {
            await SayAsync(new OrderLine { Say = refused.Sentence.In(language), IsFailure = true, Exit = ExitOf(refused) });
        }
        catch (Exception trouble) when (trouble is StoreUnavailableException or IOException or UnauthorizedAccessException && !context.RequestAborted.IsCancellationRequested)
        {
            await SayAsync(new OrderLine { Say = trouble.Message, IsFailure = true, Exit = ExitCodes.Storage });
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await SayAsync(new OrderLine { Say = Phrase.Of("The engine was stopped meanwhile. Start it and try again.").In(language), IsFailure = true, Exit = ExitCodes.Temporary });
        }
        catch (OperationCanceledException)
        {
            // Nobody is there to hear it.
        }
    }

    /// <summary>Gives the order to the engine on a data directory, and tells what it answers. Null when none runs there.</summary>
    public static async Task<int?> SendAsync(string data, AccountOrder order, CancellationToken cancellationToken)
    {
        if (!File.Exists(ControlSocket.PathIn(data)))
        {
            return null;
        }

        using var client = ControlSocket.Client(data);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("control/accounts", UriKind.Relative))
        {
            Content = new StringContent(JsonSerializer.Serialize(order, OrderJson.Default.AccountOrder), Encoding.UTF8, "application/json"),
        };
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            answer.EnsureSuccessStatusCode();
            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
            while (await lines.ReadLineAsync(cancellationToken) is { } text)
            {
                if (JsonSerializer.Deserialize(text, OrderJson.Default.OrderLine) is { } line && OrderPrinter.Print(line) is { } exit)
                {
                    return exit;
                }
            }
        }
        catch (HttpRequestException nobody) when (nobody.InnerException is System.Net.Sockets.SocketException)
        {
            return null;
        }
        catch (Exception trouble) when (trouble is HttpRequestException or IOException)
        {
            throw new CommandFailure(ExitCodes.Temporary, $"The engine ended meanwhile. Start it and try again; its log says why.", trouble);
        }

        throw new CommandFailure(ExitCodes.Temporary, $"The engine ended meanwhile. Start it and try again; its log says why.");
    }

    /// <summary>Does what is ordered here, and tells it.</summary>
    public static async Task<int> ExecuteAsync(IServiceProvider services, AccountOrder order, CancellationToken cancellationToken)
    {
        var language = Translation.Find(order.Language) ?? Translation.English;
        try
        {
            return await order.ExecuteAsync(
                services,
                progress =>
                {
                    OrderPrinter.Print(new OrderLine { Say = progress.Sentence.In(language), Link = progress.Link, Shown = progress.Shown });
                    return Task.CompletedTask;
                },
                cancellationToken);
        }
        catch (ConnectingException refused)
        {
            throw new CommandFailure(ExitOf(refused), refused.Sentence, refused);
        }
    }

    private static int ExitOf(ConnectingException refused) => refused.IsTemporary ? ExitCodes.Temporary : ExitCodes.Configuration;

    private static async Task WriteAsync(HttpResponse response, OrderLine line, CancellationToken cancellationToken)
    {
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, OrderJson.Default.OrderLine), cancellationToken);
        await response.Body.WriteAsync(LineEnd, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}

using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Api;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Dashboard.Doors;

/// <summary>What every request of the dashboard passes, in this order.</summary>
internal static class Pipeline
{
    public static void UsePipeline(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.Use(WriteHeaders);
        app.Use(AnswerOwnNames);
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = TellFaultAsync });
        app.UseResponseCompression();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(TakeOwnFormsAsync);
    }

    private static Task WriteHeaders(HttpContext context, RequestDelegate next)
    {
        SafetyHeaders.Write(context.Response.Headers);
        return next(context);
    }

    private static Task AnswerOwnNames(HttpContext context, RequestDelegate next)
    {
        if (context.RequestServices.GetRequiredService<HostList>().Has(context.Request.Host))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        return context.Response.WriteAsync("The dashboard does not go by this name. If it should, add the name to dashboard: hosts in automations.yaml.\n", context.RequestAborted);
    }

    // Nothing is changed but by a form of our own pages, and by keys of the API, which no browser sends by itself.
    private static async Task TakeOwnFormsAsync(HttpContext context, RequestDelegate next)
    {
        if (SameOrigin.Changes(context.Request) && !context.Request.Path.StartsWithSegments(ApiSetup.Path, StringComparison.Ordinal)
            && !(SameOrigin.Is(context.Request) && await IsOwnFormAsync(context)))
        {
            await new RazorComponentResult<StrangeFormPage> { StatusCode = StatusCodes.Status403Forbidden }.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static async Task<bool> IsOwnFormAsync(HttpContext context)
    {
        try
        {
            return await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            // Too large, of too many fields, or cut off: none of our pages sends such a form.
            return false;
        }
    }

    // What went wrong is in the log, under the number that the page tells.
    private static Task TellFaultAsync(HttpContext context)
    {
        SafetyHeaders.Write(context.Response.Headers);
        var isStore = context.Features.Get<IExceptionHandlerFeature>()?.Error is StoreUnavailableException;
        return new RazorComponentResult<FaultPage>(new { Trace = context.TraceIdentifier, IsStore = isStore })
        {
            StatusCode = isStore ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        }.ExecuteAsync(context);
    }
}

using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using MisskeyAutomations.Api;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Dashboard.SignIn;
using MisskeyAutomations.Engine.Diagnostics;
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
            await RefuseAsync(context);
            return;
        }

        await next(context);
    }

    // Whoever has signed in meanwhile, in another tab, need not do so again in this one.
    private static async Task RefuseAsync(HttpContext context)
    {
        if (SameOrigin.Is(context.Request) && context.Request.Path == SignInEndpoints.Path && context.User.Identity is { IsAuthenticated: true })
        {
            context.Response.Redirect("/");
            return;
        }

        await new RazorComponentResult<KeptTextPage>(new
        {
            Title = (Phrase)"That was not sent from here",
            Sentence = (Phrase)"Nothing was changed: the form was not one of this dashboard, or was open for too long. Go back, load the page anew and try again.",
            Text = await WrittenText.OfAsync(context.Request),
        }) { StatusCode = StatusCodes.Status403Forbidden }.ExecuteAsync(context);
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
    private static async Task TellFaultAsync(HttpContext context)
    {
        SafetyHeaders.Write(context.Response.Headers);
        var isStore = context.Features.Get<IExceptionHandlerFeature>()?.Error is StoreUnavailableException;
        await new RazorComponentResult<FaultPage>(new { Trace = context.TraceIdentifier, IsStore = isStore, Text = await WrittenText.OfAsync(context.Request) })
        {
            StatusCode = isStore ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
        }.ExecuteAsync(context);
    }
}

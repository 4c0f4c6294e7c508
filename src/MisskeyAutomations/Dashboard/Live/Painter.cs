using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MisskeyAutomations.Dashboard.Pages;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Dashboard.Live;

/// <summary>Draws the parts of pages that are kept up to date, with the components of the pages.</summary>
internal sealed class Painter(
    EventPages lists, EventQueries events, RunQueries runs, IServiceProvider services, IHttpContextAccessor contexts, ILoggerFactory loggers)
{
    // Not all are decided in the order of their numbers, and what is undecided has no type and no run to be chosen by.
    private const int LookedAtAgain = 200;

    /// <summary>What there is to see now.</summary>
    /// <param name="look">Who looks at what.</param>
    /// <param name="before">What there was to see before; null at first. What was looked for then is not looked for again.</param>
    /// <exception cref="Inbox.StoreUnavailableException">The store cannot be read now.</exception>
    public async Task<Picture> DrawAsync(Look look, Picture? before)
    {
        await using var renderer = new HtmlRenderer(new ForVisitor(services, new(contexts) { Language = look.Language, Zone = look.Zone }), loggers);
        if (look.At is not Subject.Events { Filter: var filter })
        {
            return new(
                [
                    new(0, await DrawAsync<Figures>(renderer, ParameterView.Empty)),
                    new(-1, await DrawAsync<AccountTiles>(renderer, ParameterView.Empty)),
                    new(-2, await DrawAsync<StatusLine>(renderer, ParameterView.Empty)),
                ],
                Newest: 0);
        }

        var newest = lists.FindNewest();
        return new(await DrawAsync(renderer, List(filter, before)), newest);
    }

    // A text that is rare would be looked for in thousands of bodies, each time.
    private IReadOnlyList<RecordedEvent> List(EventFilter filter, Picture? before) => before is null
        ? lists.List(filter, before: null, EventsPage.Shown).Found
        : events.List([
            .. lists.ListAfter(filter, before.Newest - LookedAtAgain, EventsPage.Shown).Union(before.Parts.Select(part => part.Number)).OrderDescending().Take(EventsPage.Shown),
        ]);

    private async Task<IReadOnlyList<Part>> DrawAsync(HtmlRenderer renderer, IReadOnlyList<RecordedEvent> found)
    {
        var made = runs.Of([.. found.Select(recorded => recorded.Number)]).ToLookup(run => run.Delivery);
        var parts = new List<Part>();
        foreach (var recorded in found)
        {
            parts.Add(new(recorded.Number, await DrawAsync<EventRow>(renderer, ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(EventRow.Event)] = recorded,
                [nameof(EventRow.Runs)] = made[recorded.Number].ToList<object>(),
            }))));
        }

        return parts;
    }

    private static Task<string> DrawAsync<TComponent>(HtmlRenderer renderer, ParameterView parameters)
        where TComponent : IComponent =>
        renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(parameters)).ToHtmlString());

    // There is no request, and so none of what belongs to one, but whoever looks.
    private sealed class ForVisitor(IServiceProvider services, Visitor visitor) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(Visitor) ? visitor : services.GetService(serviceType);
    }
}

/// <summary>What there is to see.</summary>
/// <param name="Parts">The parts, in the order of the page.</param>
/// <param name="Newest">The highest number of an event before it was drawn.</param>
internal sealed record Picture(IReadOnlyList<Part> Parts, long Newest);

/// <summary>A part of a page.</summary>
/// <param name="Number">The number of the event that it is about; 0 or less where it is about all.</param>
/// <param name="Html">How it looks.</param>
internal sealed record Part(long Number, string Html);

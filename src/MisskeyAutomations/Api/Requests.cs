using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace MisskeyAutomations.Api;

/// <summary>Which events are wanted. All that is given must hold.</summary>
internal sealed record EventsAsked
{
    [FromQuery(Name = "account"), Description("The name of an account")]
    public string? Account { get; init; }

    [FromQuery(Name = "type"), Description("The most particular type, such as mention")]
    public string? Type { get; init; }

    [FromQuery(Name = "rule"), Description("The name of a rule of which the event made a run")]
    public string? Rule { get; init; }

    [FromQuery(Name = "source"), Description("webhook, streaming, catch-up, followers or cron")]
    public string? Source { get; init; }

    [FromQuery(Name = "state"), Description("received, planned, test, unrouted, stale, quarantined or dropped")]
    public string? State { get; init; }

    [FromQuery(Name = "since"), Description("From when on it came, such as 2026-12-24T18:00:00Z")]
    public string? Since { get; init; }

    [FromQuery(Name = "until"), Description("Until when it came")]
    public string? Until { get; init; }

    [FromQuery(Name = "text"), Description("A text in what was written or in names, whichever its case")]
    public string? Text { get; init; }

    [FromQuery(Name = "limit"), Description("How many at most, from 1 to 200; 50 unless told otherwise")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor"), Description("The nextCursor of the page before")]
    public string? Cursor { get; init; }
}

/// <summary>Which runs are wanted. All that is given must hold.</summary>
internal sealed record RunsAsked
{
    [FromQuery(Name = "state"), Description("deciding, waiting, ready, running, succeeded, skipped, failed or cancelled")]
    public string? State { get; init; }

    [FromQuery(Name = "waitsFor"), Description("after, step, retry, budget, hold, uncertain, reply, turn or place; of waiting runs")]
    public string? WaitsFor { get; init; }

    [FromQuery(Name = "rule"), Description("The name of a rule")]
    public string? Rule { get; init; }

    [FromQuery(Name = "account"), Description("The name of an account")]
    public string? Account { get; init; }

    [FromQuery(Name = "limit"), Description("How many at most, from 1 to 200; 50 unless told otherwise")]
    public string? Limit { get; init; }

    [FromQuery(Name = "cursor"), Description("The nextCursor of the page before")]
    public string? Cursor { get; init; }
}

/// <summary>How activity is wanted.</summary>
internal sealed record ActivityAsked
{
    [FromQuery(Name = "by"), Description("minute: the last hour; hour: the last day (unless told otherwise); day: the last week")]
    public string? By { get; init; }

    [FromQuery(Name = "zone"), Description("The time zone whose days are meant, such as Asia/Tokyo; UTC unless told otherwise")]
    public string? Zone { get; init; }
}

/// <summary>What rules look up and kept, for a simulation.</summary>
internal sealed record SimulateRequest
{
    [Description("What endpoints answer, such as { \"users/show\": { … } }")]
    public IReadOnlyDictionary<string, JsonElement>? Lookups { get; init; }

    [Description("What was kept by `set`, by key")]
    public IReadOnlyDictionary<string, JsonElement>? State { get; init; }
}

/// <summary>How an event is to happen once more.</summary>
internal sealed record ReplayRequest
{
    [Description("The rules that are asked; all unless some are named")]
    public IReadOnlyList<string>? Rules { get; init; }

    [Description("Whether rules are asked as well that did something about it already: what they post is posted twice then")]
    public bool Again { get; init; }
}

/// <summary>What became of a step that was sent and never confirmed.</summary>
internal sealed record SettleRequest
{
    [Description("there: it is there; again: send it again; drop: leave it and go on")]
    public string? Word { get; init; }

    [Description("The path of the step, where a run has several such")]
    public string? Step { get; init; }
}

/// <summary>Whether everything is to be stopped.</summary>
internal sealed record PanicRequest
{
    public bool? On { get; init; }
}

using Microsoft.AspNetCore.Components;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>A page, or a part of one: all of them inherit from this by <c>_Imports.razor</c>.</summary>
public abstract class Piece : ComponentBase
{
    /// <summary>Who looks at it.</summary>
    [Inject]
    private protected Visitor Visitor { get; set; } = null!;

    /// <summary>The engine's clock.</summary>
    [Inject]
    private protected TimeProvider Time { get; set; } = null!;

    /// <summary>A text in the visitor's language.</summary>
    protected string T(Phrase phrase) => phrase.In(Visitor.Language);

    /// <summary>A number as people write it: <c>12,345</c>.</summary>
    protected static string Number(long number) => number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A time as the visitor's clock shows it; that of the day alone where the day is today.</summary>
    protected string Clock(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, Visitor.Zone);
        var today = TimeZoneInfo.ConvertTime(Time.GetUtcNow(), Visitor.Zone).Date;
        return local.ToString(local.Date == today ? "HH:mm:ss" : "yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
    }
}

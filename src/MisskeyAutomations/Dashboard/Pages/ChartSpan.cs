namespace MisskeyAutomations.Dashboard.Pages;

/// <summary>Over how long a chart goes.</summary>
internal enum ChartSpan
{
    Day,
    Hour,
    Week,
}

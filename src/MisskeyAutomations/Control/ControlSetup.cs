namespace MisskeyAutomations.Control;

/// <summary>Registers the folder.</summary>
internal static class ControlSetup
{
    /// <summary>What people tell the running engine to do.</summary>
    public static IServiceCollection AddControl(this IServiceCollection services) => services
        .AddSingleton<PanicSwitch>()
        .AddSingleton<RunOrders>()
        .AddSingleton<EventOrders>();
}

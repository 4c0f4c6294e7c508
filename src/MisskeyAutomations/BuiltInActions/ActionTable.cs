using MisskeyAutomations.Accounts;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;

namespace MisskeyAutomations.BuiltInActions;

/// <summary>The table of steps that act. A new one is a file of its own, or a row beside its like, and a line here and below.</summary>
internal static class ActionTable
{
    /// <summary>All rows: what rules may say, without what is needed to do it.</summary>
    public static IReadOnlyList<ActionDescriptor> Descriptors { get; } =
    [
        ReplyAction.Row,
        NoteAction.Row,
        QuoteAction.Row,
        RenoteAction.Row,
        DmAction.Row,
        ReactAction.Row,
        .. NoteSteps.All,
        ClipAction.Row,
        .. UserSteps.All,
        ListAction.Add,
        ListAction.Remove,
        NotifyAction.Row,
        ReportAction.Row,
        UploadAction.Row,
        ApiAction.Row,
        HttpAction.Row,
        LogAction.Row,
    ];

    /// <summary>All rows, as a configuration with or without <c>allow-admin: true</c> has them.</summary>
    public static IReadOnlyList<ActionDescriptor> For(bool allowAdmin) =>
        [.. Descriptors.Select(row => row.Endpoints is null ? row : row with { Endpoints = EndpointTraits.Catalogue(allowAdmin) })];

    /// <summary>All actions, in the order of <see cref="Descriptors"/>.</summary>
    public static IReadOnlyList<IAction> All(
        MisskeySender misskey, OutsideClient outside, OutsideOptions options, RuleSecrets secrets, TimeProvider time, ILoggerFactory loggers) =>
    [
        new ReplyAction(misskey),
        new NoteAction(misskey),
        new QuoteAction(misskey),
        new RenoteAction(misskey),
        new DmAction(misskey),
        new ReactAction(misskey),
        .. NoteSteps.All.Select(row => new NoteCallAction(misskey, row)),
        new ClipAction(misskey),
        .. UserSteps.All.Select(row => new UserAction(misskey, row)),
        new ListAction(misskey, ListAction.Add),
        new ListAction(misskey, ListAction.Remove),
        new NotifyAction(misskey),
        new ReportAction(misskey),
        new UploadAction(outside, misskey, options),
        new ApiAction(misskey),
        new HttpAction(outside, secrets, time),
        new LogAction(loggers),
    ];

    /// <summary>All actions for whoever only prepares requests and never sends one.</summary>
    public static IReadOnlyList<IAction> Offline() => 
        All(null!, null!, new OutsideOptions(), RuleSecrets.None, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

    extension(IServiceCollection services)
    {
        /// <summary>Adds the actions, as a list of <see cref="IAction"/>.</summary>
        public IServiceCollection AddBuiltInActions() => services.AddSingleton(provider => All(
            provider.GetRequiredService<MisskeySender>(),
            provider.GetRequiredService<OutsideClient>(),
            provider.GetRequiredService<OutsideOptions>(),
            provider.GetRequiredService<RuleSecrets>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
    }
}

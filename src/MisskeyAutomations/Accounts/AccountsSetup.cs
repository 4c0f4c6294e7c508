namespace MisskeyAutomations.Accounts;

internal static class AccountsSetup
{
    /// <summary>The accounts and what is learned about them.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, IReadOnlyList<Account> accounts) => services
        .AddSingleton(new AccountDirectory(accounts))
        .AddSingleton<MutedPeople>();
}

using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace MisskeyAutomations.Accounts;

/// <summary>
/// Encrypts accounts for the store, by ASP.NET Core's Data Protection with keys in files. The database alone, or a copy of it, gives no token
/// away.
/// </summary>
internal sealed class AccountSeal
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // One key for good: engines that share a store share a file, and a copy of it stays enough. What it protects is replaced by connecting anew.
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(100 * 365);

    private readonly IDataProtector _protector;

    /// <param name="directory">Where the keys are, or are to be made. It is made, closed to others, if it is missing.</param>
    public AccountSeal(string directory)
    {
        Directory = directory;
        if (!System.IO.Directory.Exists(directory))
        {
            _ = OperatingSystem.IsWindows() ? System.IO.Directory.CreateDirectory(directory) : System.IO.Directory.CreateDirectory(directory, OwnerOnly);
        }

        Keys = DataProtectionProvider.Create(
            new DirectoryInfo(directory), builder => builder.SetApplicationName("MisskeyAutomations").SetDefaultKeyLifetime(KeyLifetime));
        _protector = Keys.CreateProtector("accounts");
    }

    /// <summary>Where the keys are.</summary>
    public string Directory { get; }

    /// <summary>What the keys can protect beside accounts.</summary>
    public IDataProtectionProvider Keys { get; }

    /// <summary>The account, unreadable without the key; it can be opened under its own name alone.</summary>
    public byte[] Close(ConnectedAccount account) => _protector.CreateProtector(account.Name).Protect(AccountText.Write(account));

    /// <summary>The account; null when its key is not there, or it was changed.</summary>
    public ConnectedAccount? Open(string name, byte[] closed)
    {
        try
        {
            return AccountText.Read(name, _protector.CreateProtector(name).Unprotect(closed));
        }
        catch (Exception trouble) when (trouble is CryptographicException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}

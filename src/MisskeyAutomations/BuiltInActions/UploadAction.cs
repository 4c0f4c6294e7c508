using System.Security.Cryptography;
using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Misskey;
using MisskeyAutomations.Outside;

namespace MisskeyAutomations.BuiltInActions;

/// <summary><c>upload: URL</c>.</summary>
internal sealed class UploadAction(OutsideClient outside, MisskeySender misskey, OutsideOptions options) : IAction
{
    private const string LookUp = "drive/files/find-by-hash";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static ActionDescriptor Row { get; } = new()
    {
        Name = "upload",
        Doc = "Fetches a file and puts it into the account's drive, unless it is there already; `files` of a note takes it.",
        Main = ParameterType.Address,
        Endpoint = "drive/files/create",
        Permission = "write:drive",
        Repeat = Repeat.Natural, // What is in the drive already is found by its hash, and not sent again.
        Gives = "file",
    };

    public ActionDescriptor Descriptor => Row;

    public Preparation Prepare(ActionInput input) => PrivateText.IsHeldBack(input, "") ? PrivateText.Refusal
        : !HttpFrozen.TryReadAddress(input.Main.Text, out _) ? new Preparation.Invalid($"{Words.OneLine(input.Main.ToText(), 80)} is no address that a file could be fetched from.")
        : new Preparation.Ready(new Intent
        {
            Action = Row.Name,
            Endpoint = Row.Endpoint!,
            Body = RequestBody.Write(json => json.WriteString("url", input.Main.Text)),
            Repeat = Row.Repeat,
            Summary = Summary.Of($"upload {input.Main.Text}", text: null),
        });

    public async Task<ActionOutcome> SendAsync(Intent intent, string account, CancellationToken cancellationToken)
    {
        using var frozen = JsonDocument.Parse(intent.Body);
        if (!HttpFrozen.TryReadAddress(frozen.RootElement.GetText("url") ?? "", out var address))
        {
            return new ActionOutcome.Rejected("INVALID_ADDRESS", "This is no address that a file could be fetched from.");
        }

        var (bytes, instead) = await FetchAsync(address, cancellationToken);
        return bytes is null ? instead! : await KeepAsync(address, bytes, account, cancellationToken);
    }

    // Nothing that goes wrong here has changed anything.
    private async Task<(byte[]? Bytes, ActionOutcome? Instead)> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await outside.SendAsync(
                new OutsideRequest { Method = HttpMethod.Get, Address = address, MaxBytes = options.MaxUploadBytes, Patience = Patience }, cancellationToken);
            return answer switch
            {
                { IsTooLong: true } => (null, new ActionOutcome.Rejected("TOO_LARGE", $"The file is larger than {options.MaxUploadBytes / 1024 / 1024} MiB.")),
                { Status: 200, Body: { Length: > 0 } body } => (body, null),
                { Status: 200, Body: not null } => (null, new ActionOutcome.Rejected("EMPTY", "The file is empty.")),
                { Status: >= 300 and < 400 } => (null, new ActionOutcome.Rejected($"HTTP_{answer.Status}", "The file's server redirects, and redirects are not followed: write the address that the file has now.")),
                { Status: >= 400 and < 500 and not 429 } => (null, new ActionOutcome.Rejected($"HTTP_{answer.Status}", $"The file's server refused (HTTP {answer.Status}).")),
                _ => (null, new ActionOutcome.NotSent($"The file could not be fetched whole (HTTP {answer.Status}).")),
            };
        }
        catch (RefusedAddressException refused)
        {
            return (null, new ActionOutcome.Rejected("REFUSED_ADDRESS", refused.Message));
        }
        catch (OutsideFaultException fault)
        {
            return (null, new ActionOutcome.NotSent(Reasons.Of(HttpOutcome.Of(fault, isStopping: cancellationToken.IsCancellationRequested))));
        }
    }

    private async Task<ActionOutcome> KeepAsync(Uri address, byte[] bytes, string account, CancellationToken cancellationToken)
    {
#pragma warning disable CA5351 // Misskey knows its files by MD5; nothing is secured by it.
        var md5 = Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351
        var found = await misskey.SendAsync(account, LookUp, RequestBody.Write(json => json.WriteString("md5", md5)), cancellationToken);
        return found switch
        {
            ActionOutcome.Done { Answer: { ValueKind: JsonValueKind.Array } files } when files.GetArrayLength() > 0 => new ActionOutcome.Done(files[0].Clone(), Already: true),
            ActionOutcome.Done => await misskey.UploadAsync(account, Row.Endpoint!, FileKind.NameOf(address, bytes), FileKind.TypeOf(bytes), bytes, cancellationToken),
            ActionOutcome.Uncertain question => new ActionOutcome.NotSent(question.Reason), // Only a question; nothing was put anywhere.
            _ => found,
        };
    }
}

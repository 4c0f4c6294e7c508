using System.Collections.Frozen;
using System.Text.Json;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;

namespace MisskeyAutomations.Misskey;

/// <summary>Says in plain words why Misskey refused, and what can be done about it.</summary>
internal static class RefusalSentence
{
    private static readonly FrozenDictionary<string, Phrase> Sentences = new Dictionary<string, Phrase>(StringComparer.Ordinal)
    {
        ["ACCESS_DENIED"] = "Misskey does not let this account, or any app's token, do that.",
        ["AUTHENTICATION_FAILED"] = "Misskey does not know this account's token (any more). Make a new one in Misskey under Settings > API.",
        ["BLOCKED"] = "This person has blocked the account.",
        ["BLOCKING"] = "The account blocks this person.",
        ["BLOCKEE_IS_YOURSELF"] = "The account cannot block itself.",
        ["CANNOT_CREATE_ALREADY_EXPIRED_POLL"] = "The poll would have ended before it began.",
        ["CANNOT_REACT_TO_RENOTE"] = "A bare renote cannot be reacted to.",
        ["CANNOT_RENOTE_DUE_TO_VISIBILITY"] = "This note is not visible enough to be renoted.",
        ["CANNOT_RENOTE_TO_A_PURE_RENOTE"] = "A bare renote cannot be renoted.",
        ["CANNOT_REPLY_TO_AN_INVISIBLE_NOTE"] = "The account cannot see the note that it would answer.",
        ["CANNOT_REPLY_TO_A_PURE_RENOTE"] = "A bare renote cannot be answered.",
        ["CANNOT_REPLY_TO_SPECIFIED_VISIBILITY_NOTE_WITH_EXTENDED_VISIBILITY"] = "A direct note cannot be answered more visibly than it is.",
        ["CANNOT_REPORT_THE_ADMIN"] = "This server takes no reports about its administrators.",
        ["CANNOT_REPORT_YOURSELF"] = "The account cannot report itself.",
        ["CLIP_LIMIT_EXCEEDED"] = "The server lets the account have no more clips.",
        ["CLIP_NOTES_LIMIT_EXCEEDED"] = "The clip is full.",
        ["CONTAINS_PROHIBITED_WORDS"] = "The text holds words that the server prohibits.",
        ["CONTAINS_TOO_MANY_MENTIONS"] = "The text mentions more people than the server allows.",
        ["CREDENTIAL_REQUIRED"] = "Misskey did not see a token. Make one in Misskey under Settings > API and give it to the account.",
        ["FOLLOWEE_IS_YOURSELF"] = "The account cannot follow itself.",
        ["FOLLOWER_IS_YOURSELF"] = "The account is not its own follower.",
        ["INAPPROPRIATE"] = "The server takes the file for inappropriate.",
        ["INVALID_FILE_NAME"] = "The server does not accept the file's name.",
        ["LIST_LIMIT_EXCEEDED"] = "The server lets the account have no more lists.",
        ["LIST_USERS_LIMIT_EXCEEDED"] = "The list is full.",
        ["MAX_FILE_SIZE_EXCEEDED"] = "The file is larger than the server takes.",
        ["MUTEE_IS_YOURSELF"] = "The account cannot mute itself.",
        ["NO_FREE_SPACE"] = "The account's drive is full.",
        ["NO_SUCH_CHANNEL"] = "There is no such channel.",
        ["NO_SUCH_CLIP"] = "There is no such clip.",
        ["NO_SUCH_FILE"] = "There is no such file in the account's drive.",
        ["NO_SUCH_LIST"] = "There is no such list.",
        ["NO_SUCH_NOTE"] = "The note does not exist any more, or the account cannot see it.",
        ["NO_SUCH_RENOTE_TARGET"] = "The note to renote does not exist any more.",
        ["NO_SUCH_REPLY_TARGET"] = "The note to answer does not exist any more.",
        ["NO_SUCH_USER"] = "There is no such user.",
        ["PIN_LIMIT_EXCEEDED"] = "As many notes are pinned as the server allows; unpin one first.",
        ["REPLY_TO_BOT_NOT_ALLOWED"] = "This server does not let bots answer bots.",
        ["ROLE_PERMISSION_DENIED"] = "The account's role does not allow that.",
        ["TOO_MANY_CLIP_NOTES"] = "The clip is full.",
        ["TOO_MANY_USERS"] = "The list is full.",
        ["USER_SUSPENDED"] = "This user is suspended.",
        ["YOU_HAVE_BEEN_BLOCKED"] = "This person has blocked the account.",
        ["YOUR_ACCOUNT_MOVED"] = "The account has moved to another server; Misskey lets it post no more.",
        ["YOUR_ACCOUNT_SUSPENDED"] = "The account is suspended on its server.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The sentence for an error of Misskey's.</summary>
    /// <param name="endpoint">The endpoint that refused.</param>
    /// <param name="error">The answer's <c>error</c> object.</param>
    /// <param name="code">Its code.</param>
    public static Phrase Of(string endpoint, JsonElement error, string code)
    {
        if (code is "PERMISSION_DENIED")
        {
            return Permissions.MissingFor(endpoint);
        }

        if (code is "INVALID_PARAM" && error.FindObject("info") is { } info)
        {
            return Phrase.Of($"Misskey does not accept {Words.OneLine(info.GetText("param") ?? "a parameter", 100)}: {Words.OneLine(info.GetText("reason") ?? "it is not valid", 200)}.");
        }

        return Sentences.GetValueOrDefault(code)
            ?? Phrase.Of($"Misskey refused: {Words.OneLine(error.FindObject("info")?.GetText("message") ?? error.GetText("message") ?? code, 200)}");
    }
}

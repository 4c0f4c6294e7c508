using System.Collections.Frozen;
using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.Api;

/// <summary>
/// The errors of the endpoints with their constant ids, taken from the endpoint definitions and recorded answers of
/// 2025.4. An endpoint asks for its own by <see cref="Of"/>; the rest come from the call machinery.
/// </summary>
internal static class Refusals
{
    private static readonly FrozenDictionary<(string Endpoint, string Code), Refusal> Table = new[]
    {
        Row("blocking/create", "NO_SUCH_USER", "7cc4f851-e2f1-4621-9633-ec9e1d00c01e", "No such user."),
        Row("blocking/create", "BLOCKEE_IS_YOURSELF", "88b19138-f28d-42c0-8499-6a31bbd0fdc6", "Blockee is yourself."),
        Row("blocking/create", "ALREADY_BLOCKING", "787fed64-acb9-464a-82eb-afbd745b9614", "You are already blocking that user."),
        Row("blocking/delete", "NO_SUCH_USER", "8621d8bf-c358-4303-a066-5ea78610eb3f", "No such user."),
        Row("blocking/delete", "BLOCKEE_IS_YOURSELF", "06f6fac6-524b-473c-a354-e97a40ae6eac", "Blockee is yourself."),
        Row("blocking/delete", "NOT_BLOCKING", "291b2efa-60c6-45c0-9f6a-045c8f9b02cd", "You are not blocking that user."),
        Row("channels/show", "NO_SUCH_CHANNEL", "6f6c314b-7486-4897-8966-c04a66a02923", "No such channel."),
        Row("clips/notes", "NO_SUCH_CLIP", "1d7645e6-2b6d-4635-b0fe-fe22b0e72e00", "No such clip."),
        Row("clips/show", "NO_SUCH_CLIP", "c3c5fe33-d62c-44d2-9ea5-d997703f5c20", "No such clip."),
        Row("clips/add-note", "NO_SUCH_CLIP", "d6e76cc0-a1b5-4c7c-a287-73fa9c716dcf", "No such clip."),
        Row("clips/add-note", "NO_SUCH_NOTE", "fc8c0b49-c7a3-4664-a0a6-b418d386bb8b", "No such note."),
        Row("clips/add-note", "ALREADY_CLIPPED", "734806c4-542c-463a-9311-15c512803965", "The note has already been clipped."),
        Row("drive/files/create", "MAX_FILE_SIZE_EXCEEDED", "b9d8c348-33f0-4673-b9a9-5d4da058977a", "Cannot upload the file because it exceeds the maximum file size.", 413),
        Row("drive/files/show", "NO_SUCH_FILE", "067bc436-2718-4795-b0fb-ecbe43949e31", "No such file."),
        Row("drive/files/show", "ACCESS_DENIED", "25b73c73-68b1-41d0-bad1-381cfdf6579f", "Access denied."),
        Row("following/create", "NO_SUCH_USER", "fcd2eef9-a9b2-4c4f-8624-038099e90aa5", "No such user."),
        Row("following/create", "FOLLOWEE_IS_YOURSELF", "26fbe7bb-a331-4857-af17-205b426669a9", "Followee is yourself."),
        Row("following/create", "ALREADY_FOLLOWING", "35387507-38c7-4cb9-9197-300b93783fa0", "You are already following that user."),
        Row("following/create", "BLOCKING", "4e2206ec-aa4f-4960-b865-6c23ac38e2d9", "You are blocking that user."),
        Row("following/create", "BLOCKED", "c4ab57cc-4e41-45e9-bfd9-584f61e35ce0", "You are blocked by that user."),
        Row("following/delete", "NO_SUCH_USER", "5b12c78d-2b28-4dca-99d2-f56139b42ff8", "No such user."),
        Row("following/delete", "FOLLOWEE_IS_YOURSELF", "d9e400b9-36b0-4808-b1d8-79e707f1296c", "Followee is yourself."),
        Row("following/delete", "NOT_FOLLOWING", "5dbf82f5-c92b-40b1-87d1-6c8c0741fd09", "You are not following that user."),
        Row("following/invalidate", "NO_SUCH_USER", "b77e6ae6-a3e5-40da-9cc8-c240115479cc", "No such user."),
        Row("following/invalidate", "FOLLOWER_IS_YOURSELF", "07dc03b9-03da-422d-885b-438313707662", "Follower is yourself."),
        Row("following/invalidate", "NOT_FOLLOWING", "918faac3-074f-41ae-9c43-ed5d2946770d", "The other use is not following you."),
        Row("following/requests/accept", "NO_SUCH_USER", "66ce1645-d66c-46bb-8b79-96739af885bd", "No such user."),
        Row("following/requests/accept", "NO_FOLLOW_REQUEST", "bcde4f8b-0913-4614-8881-614e522fb041", "No follow request."),
        Row("following/requests/cancel", "NO_SUCH_USER", "4e68c551-fc4c-4e46-bb41-7d4a37bf9dab", "No such user."),
        Row("following/requests/cancel", "FOLLOW_REQUEST_NOT_FOUND", "089b125b-d338-482a-9a09-e2622ac9f8d4", "Follow request not found."),
        Row("following/requests/reject", "NO_SUCH_USER", "abc2ffa6-25b2-4380-ba99-321ff3a94555", "No such user."),
        Row("i/pin", "NO_SUCH_NOTE", "56734f8b-3928-431e-bf80-6ff87df40cb3", "No such note."),
        Row("i/pin", "PIN_LIMIT_EXCEEDED", "72dab508-c64d-498f-8740-a8eec1ba385a", "You can not pin notes any more."),
        Row("i/pin", "ALREADY_PINNED", "8b18c2b7-68fe-4edb-9892-c0cbaeb6c913", "That note has already been pinned."),
        Row("i/unpin", "NO_SUCH_NOTE", "454170ce-9d63-4a43-9da1-ea10afe81e21", "No such note."),
        Row("i/webhooks/create", "TOO_MANY_WEBHOOKS", "87a9bb19-111e-4e37-81d3-a3e7426453b0", "You cannot create webhook any more."),
        Row("i/webhooks/delete", "NO_SUCH_WEBHOOK", "bae73e5a-5522-4965-ae19-3a8688e71d82", "No such webhook."),
        Row("i/webhooks/show", "NO_SUCH_WEBHOOK", "50f614d9-3047-4f7e-90d8-ad6b2d5fb098", "No such webhook."),
        Row("i/webhooks/test", "NO_SUCH_WEBHOOK", "0c52149c-e913-18f8-5dc7-74870bfe0cf9", "No such webhook."),
        Row("i/webhooks/update", "NO_SUCH_WEBHOOK", "fb0fea69-da18-45b1-828d-bd4fd1612518", "No such webhook."),
        Row("mute/create", "NO_SUCH_USER", "6fef56f3-e765-4957-88e5-c6f65329b8a5", "No such user."),
        Row("mute/create", "MUTEE_IS_YOURSELF", "a4619cb2-5f23-484b-9301-94c903074e10", "Mutee is yourself."),
        Row("mute/create", "ALREADY_MUTING", "7e7359cb-160c-4956-b08f-4d1c653cd007", "You are already muting that user."),
        Row("mute/delete", "NO_SUCH_USER", "b851d00b-8ab1-4a56-8b1b-e24187cb48ef", "No such user."),
        Row("mute/delete", "MUTEE_IS_YOURSELF", "f428b029-6b39-4d48-a1d2-cc1ae6dd5cf9", "Mutee is yourself."),
        Row("mute/delete", "NOT_MUTING", "5467d020-daa9-4553-81e1-135c0c35a96d", "You are not muting that user."),
        Row("notes/create", "PROCESSING", "3247052c-005d-440e-b3d8-2a64274483b0", "We are processing your request. Please wait a moment.", 202),
        Row("notes/create", "REPLY_TO_BOT_NOT_ALLOWED", "66819f28-9525-389d-4b0a-4974363fbbbf", "Replying to another bot account is not allowed."),
        Row("notes/create", "NO_SUCH_RENOTE_TARGET", "b5c90186-4ab0-49c8-9bba-a1f76c282ba4", "No such renote target."),
        Row("notes/create", "CANNOT_RENOTE_TO_A_PURE_RENOTE", "fd4cc33e-2a37-48dd-99cc-9b806eb2031a", "You can not Renote a pure Renote."),
        Row("notes/create", "CANNOT_RENOTE_DUE_TO_VISIBILITY", "be9529e9-fe72-4de0-ae43-0b363c4938af", "You can not Renote due to target visibility."),
        Row("notes/create", "NO_SUCH_REPLY_TARGET", "749ee0f6-d3da-459a-bf02-282e2da4292c", "No such reply target."),
        Row("notes/create", "CANNOT_REPLY_TO_AN_INVISIBLE_NOTE", "b98980fa-3780-406c-a935-b6d0eeee10d1", "You cannot reply to an invisible Note."),
        Row("notes/create", "CANNOT_REPLY_TO_A_PURE_RENOTE", "3ac74a84-8fd5-4bb0-870f-01804f82ce15", "You can not reply to a pure Renote."),
        Row("notes/create", "CANNOT_REPLY_TO_SPECIFIED_VISIBILITY_NOTE_WITH_EXTENDED_VISIBILITY", "ed940410-535c-4d5e-bfa3-af798671e93c", "You cannot reply to a specified visibility note with extended visibility."),
        Row("notes/create", "CANNOT_CREATE_ALREADY_EXPIRED_POLL", "04da457d-b083-4055-9082-955525eda5a5", "Poll is already expired."),
        Row("notes/create", "NO_SUCH_CHANNEL", "b1653923-5453-4edc-b786-7c4f39bb0bbb", "No such channel."),
        Row("notes/create", "YOU_HAVE_BEEN_BLOCKED", "b390d7e1-8a5e-46ed-b625-06271cafd3d3", "You have been blocked by this user."),
        Row("notes/create", "NO_SUCH_FILE", "b6992544-63e7-67f0-fa7f-32444b1b5306", "Some files are not found."),
        Row("notes/create", "CONTAINS_TOO_MANY_MENTIONS", "4de0363a-3046-481b-9b0f-feff3e211025", "Cannot post because it exceeds the allowed number of mentions."),
        Row("notes/delete", "NO_SUCH_NOTE", "490be23f-8c1f-4796-819f-94cb4f9d1630", "No such note."),
        Row("notes/delete", "ACCESS_DENIED", "fe8d7103-0ea8-4ec3-814d-f8b401dc69e9", "Access denied."),
        Row("notes/favorites/create", "NO_SUCH_NOTE", "6dd26674-e060-4816-909a-45ba3f4da458", "No such note."),
        Row("notes/favorites/create", "ALREADY_FAVORITED", "a402c12b-34dd-41d2-97d8-4d2ffd96a1a6", "The note has already been marked as a favorite."),
        Row("notes/favorites/delete", "NO_SUCH_NOTE", "80848a2c-398f-4343-baa9-df1d57696c56", "No such note."),
        Row("notes/favorites/delete", "NOT_FAVORITED", "b625fc69-635e-45e9-86f4-dbefbef35af5", "You have not marked that note a favorite."),
        Row("notes/polls/vote", "NO_SUCH_NOTE", "ecafbd2e-c283-4d6d-aecb-1a0a33b75396", "No such note."),
        Row("notes/polls/vote", "NO_POLL", "5f979967-52d9-4314-a911-1c673727f92f", "The note does not attach a poll."),
        Row("notes/polls/vote", "INVALID_CHOICE", "e0cc9a04-f2e8-41e4-a5f1-4127293260cc", "Choice ID is invalid."),
        Row("notes/polls/vote", "ALREADY_VOTED", "0963fc77-efac-419b-9424-b391608dc6d8", "You have already voted."),
        Row("notes/polls/vote", "ALREADY_EXPIRED", "1022a357-b085-4054-9083-8f8de358337e", "The poll is already expired."),
        Row("notes/polls/vote", "YOU_HAVE_BEEN_BLOCKED", "85a5377e-b1e9-4617-b0b9-5bea73331e49", "You can not vote this poll because you have been blocked by this user."),
        Row("notes/reactions", "NO_SUCH_NOTE", "263fff3d-d0e1-4af4-bea7-8408059b451a", "No such note."),
        Row("notes/reactions/create", "NO_SUCH_NOTE", "033d0620-5bfe-4027-965d-980b0c85a3ea", "No such note."),
        Row("notes/reactions/create", "ALREADY_REACTED", "71efcf98-86d6-4e2b-b2ad-9d032369366b", "You are already reacting to that note."),
        Row("notes/reactions/create", "YOU_HAVE_BEEN_BLOCKED", "20ef5475-9f38-4e4c-bd33-de6d979498ec", "You cannot react this note because you have been blocked by this user."),
        Row("notes/reactions/create", "CANNOT_REACT_TO_RENOTE", "eaccdc08-ddef-43fe-908f-d108faad57f5", "You cannot react to Renote."),
        Row("notes/reactions/delete", "NO_SUCH_NOTE", "764d9fce-f9f2-4a0e-92b1-6ceac9a7ad37", "No such note."),
        Row("notes/reactions/delete", "NOT_REACTED", "92f4426d-4196-4125-aa5b-02943e2ec8fc", "You are not reacting to that note."),
        Row("notes/renotes", "NO_SUCH_NOTE", "12908022-2e21-46cd-ba6a-3edaf6093f46", "No such note."),
        Row("notes/show", "NO_SUCH_NOTE", "24fcbfc6-2e37-42b6-8388-c29b3861a08d", "No such note."),
        Row("notes/thread-muting/create", "NO_SUCH_NOTE", "5ff67ada-ed3b-2e71-8e87-a1a421e177d2", "No such note."),
        Row("notes/thread-muting/delete", "NO_SUCH_NOTE", "bddd57ac-ceb3-b29d-4334-86ea5fae481a", "No such note."),
        Row("renote-mute/create", "NO_SUCH_USER", "5e0a5dff-1e94-4202-87ae-4d9c89eb2271", "No such user."),
        Row("renote-mute/create", "MUTEE_IS_YOURSELF", "37285718-52f7-4aef-b7de-c38b8e8a8420", "Mutee is yourself."),
        Row("renote-mute/create", "ALREADY_MUTING", "ccfecbe4-1f1c-4fc2-8a3d-c3ffee61cb7b", "You are already muting that user."),
        Row("renote-mute/delete", "NO_SUCH_USER", "9b6728cf-638c-4aa1-bedb-e07d8101474d", "No such user."),
        Row("renote-mute/delete", "MUTEE_IS_YOURSELF", "619b1314-0850-4597-a242-e245f3da42af", "Mutee is yourself."),
        Row("renote-mute/delete", "NOT_MUTING", "2e4ef874-8bf0-4b4b-b069-4598f6d05817", "You are not muting that user."),
        Row("users/followers", "NO_SUCH_USER", "27fa5435-88ab-43de-9360-387de88727cd", "No such user."),
        Row("users/following", "NO_SUCH_USER", "63e4aba4-4156-4e53-be25-c9559e42d71b", "No such user."),
        Row("users/lists/pull", "NO_SUCH_LIST", "7f44670e-ab16-43b8-b4c1-ccd2ee89cc02", "No such list."),
        Row("users/lists/pull", "NO_SUCH_USER", "588e7f72-c744-4a61-b180-d354e912bda2", "No such user."),
        Row("users/lists/push", "NO_SUCH_LIST", "2214501d-ac96-4049-b717-91e42272a711", "No such list."),
        Row("users/lists/push", "NO_SUCH_USER", "a89abd3d-f0bc-4cce-beb1-2f446f4f1e6a", "No such user."),
        Row("users/lists/push", "ALREADY_ADDED", "1de7c884-1595-49e9-857e-61f12f4d4fc5", "That user has already been added to that list."),
        Row("users/lists/push", "YOU_HAVE_BEEN_BLOCKED", "990232c5-3f9d-4d83-9f3f-ef27b6332a4b", "You cannot push this user because you have been blocked by this user."),
        Row("users/lists/show", "NO_SUCH_LIST", "7bc05c21-1d7a-41ae-88f1-66820f4dc686", "No such list."),
        Row("users/report-abuse", "NO_SUCH_USER", "1acefcb5-0959-43fd-9685-b48305736cb5", "No such user."),
        Row("users/report-abuse", "CANNOT_REPORT_YOURSELF", "1e13149e-b1e8-43cf-902e-c01dbfcb202f", "Cannot report yourself."),
        Row("users/show", "FAILED_TO_RESOLVE_REMOTE_USER", "ef7b9be4-9cba-4e6f-ab41-90ed171c7d3c", "Failed to resolve remote user.", 500, "server"),
        Row("users/show", "NO_SUCH_USER", "4362f8dc-731f-4ad8-a694-be5a88922a24", "No such user.", 404),
        Row("users/show", "USER_SUSPENDED", "c1e1b0d6-2b7c-4c1d-9f1d-2d3d6e8d7e7f", "User is suspended.", 403),
    }.ToFrozenDictionary();

    public static readonly Refusal AccessDenied = new(403, "ACCESS_DENIED", "Access denied.", "56f35758-7dd5-468b-8439-5d6fb8ec9b8e");

    public static readonly Refusal CredentialRequired =
        new(401, "CREDENTIAL_REQUIRED", "Credential required.", "1384574d-a912-4b81-8601-c7b1c4085df1");

    public static readonly Refusal AuthenticationFailed = new(
        401, "AUTHENTICATION_FAILED", "Authentication failed. Please ensure your token is correct.", "b0a7f5f8-dc2f-4171-b91f-de88ad238e14");

    public static readonly Refusal Suspended = new(
        403, "YOUR_ACCOUNT_SUSPENDED", "Your account has been suspended.", "a8c724b3-6e9c-4b46-b1a8-bc3ed6258370", "permission");

    public static readonly Refusal PermissionDenied = new(
        403, "PERMISSION_DENIED", "Your app does not have the necessary permissions to use this endpoint.",
        "1370e5b7-d4eb-4566-bb1d-7748ee6a1838", "permission");

    public static readonly Refusal UnknownEndpoint =
        new(404, "UNKNOWN_API_ENDPOINT", "Unknown API endpoint.", "2ca3b769-540a-4f08-9dd5-b5a825b6d0f1");

    /// <summary>What reacting to a note that one cannot see is answered with.</summary>
    public static readonly Refusal NoteNotAccessible = Identifiable("Note not accessible for you.", "68e9d2d1-48bf-42c2-b90a-b20e09fd3d48");

    public static Refusal Of(string endpoint, string code) => Table[(endpoint, code)];

    public static Refusal? Find(string endpoint, string code) => Table.GetValueOrDefault((endpoint, code));

    public static Refusal SuspendedFollowee(Account followee) =>
        Identifiable($"User {followee.Id} has been suspended.", "85ab9bd7-3a41-4530-959d-f07073900109");

    /// <param name="total">The number of calls the limit allows.</param>
    public static Refusal RateLimitExceeded(DateTimeOffset reset, DateTimeOffset now, int total) =>
        new(429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded. Please try again later.", "d5826d14-3982-4d2e-8011-b9e9f02499ef")
        {
            RetryAfter = (int)Math.Ceiling((reset - now).TotalSeconds),
            InfoJson = $$"""{"remaining":0,"reset":{{reset.ToUnixTimeSeconds()}},"resetMs":{{reset.ToUnixTimeMilliseconds()}},"total":{{total}}}""",
        };

    public static Refusal InternalError(string message) =>
        new(500, "INTERNAL_ERROR", "Internal error occurred. Please contact us if the error persists.", "5d37dbcb-891e-41ca-a3d6-e690c97775ac", "server")
        {
            InfoJson = $$"""{"message":"{{message}}","code":"Error","id":"{{Guid.NewGuid()}}"}""",
        };

    /// <summary>An internal error that Misskey 2025.4 blames on the client.</summary>
    private static Refusal Identifiable(string message, string id) => new(400, "INTERNAL_ERROR", message, id)
    {
        InfoJson = $$"""{"message":"{{message}}","code":"Error","id":"{{id}}"}""",
    };

    private static KeyValuePair<(string Endpoint, string Code), Refusal> Row(
        string endpoint, string code, string id, string message, int status = 400, string kind = "client") =>
        new((endpoint, code), new Refusal(status, code, message, id, kind));
}

using System.Collections.Frozen;

namespace MisskeyAutomations.Misskey;

/// <summary>
/// The errors that say: it is as you want it already. Ids are constant per endpoint and error; forks that changed an id are
/// still known by endpoint and code.
/// </summary>
internal static class AlreadySo
{
    private static readonly (string Endpoint, string Code, string Id)[] Rows =
    [
        ("blocking/create", "ALREADY_BLOCKING", "787fed64-acb9-464a-82eb-afbd745b9614"),
        ("blocking/delete", "NOT_BLOCKING", "291b2efa-60c6-45c0-9f6a-045c8f9b02cd"),
        ("clips/add-note", "ALREADY_CLIPPED", "734806c4-542c-463a-9311-15c512803965"),
        ("clips/favorite", "ALREADY_FAVORITED", "92658936-c625-4273-8326-2d790129256e"),
        ("clips/unfavorite", "NOT_FAVORITED", "90c3a9e8-b321-4dae-bf57-2bf79bbcc187"),
        ("flash/like", "ALREADY_LIKED", "010065cf-ad43-40df-8067-abff9f4686e3"),
        ("flash/unlike", "NOT_LIKED", "755f25a7-9871-4f65-9f34-51eaad9ae0ac"),
        ("following/create", "ALREADY_FOLLOWING", "35387507-38c7-4cb9-9197-300b93783fa0"),
        ("following/delete", "NOT_FOLLOWING", "5dbf82f5-c92b-40b1-87d1-6c8c0741fd09"),
        ("following/invalidate", "NOT_FOLLOWING", "918faac3-074f-41ae-9c43-ed5d2946770d"),
        ("following/requests/accept", "NO_FOLLOW_REQUEST", "bcde4f8b-0913-4614-8881-614e522fb041"), // Accepted already, or withdrawn.
        ("following/requests/cancel", "FOLLOW_REQUEST_NOT_FOUND", "089b125b-d338-482a-9a09-e2622ac9f8d4"),
        ("gallery/posts/like", "ALREADY_LIKED", "40e9ed56-a59c-473a-bf3f-f289c54fb5a7"),
        ("gallery/posts/unlike", "NOT_LIKED", "e3e8e06e-be37-41f7-a5b4-87a8250288f0"),
        ("i/pin", "ALREADY_PINNED", "8b18c2b7-68fe-4edb-9892-c0cbaeb6c913"),
        ("i/unpin", "NO_SUCH_NOTE", "454170ce-9d63-4a43-9da1-ea10afe81e21"),
        ("mute/create", "ALREADY_MUTING", "7e7359cb-160c-4956-b08f-4d1c653cd007"),
        ("mute/delete", "NOT_MUTING", "5467d020-daa9-4553-81e1-135c0c35a96d"),
        ("notes/delete", "NO_SUCH_NOTE", "490be23f-8c1f-4796-819f-94cb4f9d1630"),
        ("notes/favorites/create", "ALREADY_FAVORITED", "a402c12b-34dd-41d2-97d8-4d2ffd96a1a6"),
        ("notes/favorites/delete", "NO_SUCH_NOTE", "80848a2c-398f-4343-baa9-df1d57696c56"),
        ("notes/favorites/delete", "NOT_FAVORITED", "b625fc69-635e-45e9-86f4-dbefbef35af5"),
        ("notes/reactions/create", "ALREADY_REACTED", "71efcf98-86d6-4e2b-b2ad-9d032369366b"),
        ("notes/reactions/delete", "NO_SUCH_NOTE", "764d9fce-f9f2-4a0e-92b1-6ceac9a7ad37"),
        ("notes/reactions/delete", "NOT_REACTED", "92f4426d-4196-4125-aa5b-02943e2ec8fc"),
        ("notes/unrenote", "NO_SUCH_NOTE", "efd4a259-2442-496b-8dd7-b255aa1a160f"),
        ("pages/like", "ALREADY_LIKED", "d4c1edbe-7da2-4eae-8714-1acfd2d63941"),
        ("pages/unlike", "NOT_LIKED", "f5e586b0-ce93-4050-b0e3-7f31af5259ee"),
        ("renote-mute/create", "ALREADY_MUTING", "ccfecbe4-1f1c-4fc2-8a3d-c3ffee61cb7b"),
        ("renote-mute/delete", "NOT_MUTING", "2e4ef874-8bf0-4b4b-b069-4598f6d05817"),
        ("users/lists/favorite", "ALREADY_FAVORITED", "6425bba0-985b-461e-af1b-518070e72081"),
        ("users/lists/push", "ALREADY_ADDED", "1de7c884-1595-49e9-857e-61f12f4d4fc5"),
        ("users/lists/unfavorite", "ALREADY_FAVORITED", "835c4b27-463d-4cfa-969b-a9058678d465"), // Misskey's own slip: means "not a favourite".
    ];

    private static readonly FrozenSet<string> Ids = Rows.Select(row => row.Id).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<(string Endpoint, string Code)> Codes = Rows.Select(row => (row.Endpoint, row.Code)).ToFrozenSet();

    /// <summary>Whether this refusal means that there is nothing left to do.</summary>
    public static bool Contains(string endpoint, string? id, string code) =>
        (id is not null && Ids.Contains(id)) || Codes.Contains((endpoint, code));
}

namespace MisskeyAutomations.Inbox;

/// <summary>Somebody who follows an account.</summary>
/// <param name="UserId">Who.</param>
/// <param name="FollowId">The id of the follow: whoever leaves and comes back has another.</param>
internal sealed record Follower(string UserId, string FollowId);

/// <summary>When an account's followers were last compared.</summary>
/// <param name="Account">The account.</param>
/// <param name="UserId">Whose followers they are: the account may get another user's token.</param>
/// <param name="ComparedAt">When the comparison came to its end.</param>
/// <param name="Count">How many followers are kept.</param>
internal sealed record FollowerMark(string Account, string UserId, DateTimeOffset ComparedAt, int Count);

/// <summary>A part of what a comparison found: written whole or not at all.</summary>
/// <param name="Account">The account.</param>
/// <param name="Left">Who is no follower any more.</param>
/// <param name="Came">Who is one now.</param>
/// <param name="Told">The deliveries that tell of it.</param>
/// <param name="Mark">That the comparison came to its end; null while there is more to write.</param>
internal sealed record FollowerChange(
    string Account, IReadOnlyList<Follower> Left, IReadOnlyList<Follower> Came, IReadOnlyList<NewDelivery> Told, FollowerMark? Mark);

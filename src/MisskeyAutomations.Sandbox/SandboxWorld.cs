using System.Security.Cryptography;
using MisskeyAutomations.Sandbox.Acts;
using MisskeyAutomations.Sandbox.Api;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Sandbox.Streaming;
using MisskeyAutomations.Sandbox.Webhooks;

namespace MisskeyAutomations.Sandbox;

/// <summary>
/// Everything in the sandbox: who is there, what they did, what was called. Its acts go the same way as API calls and fire
/// the same webhooks; what Misskey refuses throws <see cref="SandboxRefusedException"/>. May be used from any thread.
/// </summary>
public sealed partial class SandboxWorld
{
    private readonly WorldState _state;
    private readonly Following _following;
    private readonly Posting _posting;
    private readonly Reacting _reacting;
    private readonly DeliveryQueue _deliveries;
    private readonly CallJournal _journal;
    private readonly PauseSwitch _pause;
    private readonly StreamHub _streams;

    internal SandboxWorld(
        WorldState state, Following following, Posting posting, Reacting reacting, DeliveryQueue deliveries, CallJournal journal, PauseSwitch pause, StreamHub streams)
    {
        _state = state;
        _following = following;
        _posting = posting;
        _reacting = reacting;
        _deliveries = deliveries;
        _journal = journal;
        _pause = pause;
        _streams = streams;
    }

    /// <summary>Raised after every API call, on the thread that served it.</summary>
    public event Action<ApiCall>? Called
    {
        add => _journal.Called += value;
        remove => _journal.Called -= value;
    }

    /// <summary>Raised after every try to deliver a webhook, when its retry, if any, is already set.</summary>
    public event Action<DeliveryAttempt>? DeliveryAttempted
    {
        add => _deliveries.Attempted += value;
        remove => _deliveries.Attempted -= value;
    }

    /// <summary>While true, API calls wait unanswered, as with a stopped process; they go on afterwards.</summary>
    public bool Paused
    {
        get => _pause.IsOn;
        set => _pause.IsOn = value;
    }

    /// <summary>While true, whoever listens to the stream is cut off and refused, as behind a proxy while the server restarts. The API goes on.</summary>
    public bool StreamsAreDown
    {
        get => Read(() => _streams.IsDown);
        set => Read(() => _streams.IsDown = value);
    }

    /// <summary>How many connections listen for the account at present.</summary>
    public int ListenersOf(Account account) => Read(() => _streams.Of(account).Count());

    /// <summary>How many channels of this kind, such as <c>antenna</c>, the account listens to; all of them where none is named.</summary>
    public int ChannelsOf(Account account, string? channel = null) =>
        Read(() => _streams.Of(account).Sum(connection => channel is null ? connection.Count : connection.CountOf(channel)));

    /// <summary>The latest API calls, oldest first.</summary>
    public IReadOnlyList<ApiCall> Calls => _journal.ToArray();

    /// <summary>Webhook deliveries that failed and wait for their next try.</summary>
    public int WaitingDeliveries => _deliveries.WaitingCount;

    /// <summary>Webhooks that failed and wait for their next try are never delivered: what 13 minutes do on a real server.</summary>
    public void GiveUpDeliveries() => _deliveries.GiveUp();

    public IReadOnlyList<Account> Accounts => Read(() => _state.Accounts.Values.ToArray());

    public IReadOnlyList<AbuseReport> Reports => Read(() => _state.Reports.ToArray());

    /// <summary>Completes as soon as no webhook is due or on its way. Those that wait for a retry do not count.</summary>
    public Task DeliveriesSettledAsync(CancellationToken cancellationToken) => _deliveries.SettledAsync(cancellationToken);

    public Account AddAccount(string username, string? name = null, bool isBot = false, bool isLocked = false, string? description = null)
    {
        lock (_state.Gate)
        {
            var avatar = $"{_state.Origin}/identicon/{username}@{_state.Host}";
            var account = new Account(_state.NewId(), username, WorldState.NewToken(16), avatar, _state.Now)
            {
                Name = name,
                IsBot = isBot,
                IsLocked = isLocked,
                Description = description,
            };
            _state.AccountsByName.Add(username, account);
            _state.Accounts.Add(account.Id, account);
            _state.Tokens.Add(account.Token, new AccessToken(account, Kinds: null));
            return account;
        }
    }

    /// <summary>Changes what is given; null leaves as it is.</summary>
    public void Change(Account account, string? name = null, bool? isLocked = null, bool? isBot = null)
    {
        lock (_state.Gate)
        {
            account.Name = name ?? account.Name;
            account.IsLocked = isLocked ?? account.IsLocked;
            account.IsBot = isBot ?? account.IsBot;
            account.UpdatedAt = _state.Now;
        }
    }

    /// <summary>A new app token of 32 characters with these permission kinds, such as <c>write:notes</c>.</summary>
    public string IssueToken(Account account, params IEnumerable<string> kinds)
    {
        lock (_state.Gate)
        {
            var token = WorldState.NewToken(32);
            _state.Tokens.Add(token, new AccessToken(account, kinds.ToHashSet(StringComparer.Ordinal)));
            return token;
        }
    }

    public void RevokeToken(string token)
    {
        lock (_state.Gate)
        {
            _state.Tokens.Remove(token);
        }
    }

    /// <summary>Without asking for the limit of webhooks per account.</summary>
    public Webhook AddWebhook(Account owner, string url, string secret, params IEnumerable<string> on)
    {
        lock (_state.Gate)
        {
            var hook = new Webhook(_state.NewId(), owner, "webhook", url, secret, [.. on]);
            _state.Add(hook);
            return hook;
        }
    }

    public Channel AddChannel(Account owner, string name)
    {
        lock (_state.Gate)
        {
            var channel = new Channel(_state.NewId(), name, owner);
            _state.Channels.Add(channel.Id, channel);
            return channel;
        }
    }

    public Clip AddClip(Account owner, string name, bool isPublic = false)
    {
        lock (_state.Gate)
        {
            var clip = new Clip(_state.NewId(), _state.Now, owner, name, Description: null, isPublic);
            _state.Clips.Add(clip.Id, clip);
            return clip;
        }
    }

    public UserList AddList(Account owner, string name)
    {
        lock (_state.Gate)
        {
            var list = new UserList(_state.NewId(), _state.Now, owner, name);
            _state.Lists.Add(list.Id, list);
            return list;
        }
    }

    /// <summary>An antenna that catches public notes of others with one of these words.</summary>
    public Antenna AddAntenna(Account owner, string name, params IEnumerable<string> words)
    {
        lock (_state.Gate)
        {
            var antenna = new Antenna(_state.NewId(), _state.Now, owner, name, [.. words]);
            _state.Antennas.Add(antenna.Id, antenna);
            return antenna;
        }
    }

    /// <summary>Puts somebody on a list.</summary>
    public void AddToList(UserList list, Account member)
    {
        lock (_state.Gate)
        {
            list.Members.Add(member);
        }
    }

    public DriveFile AddFile(Account owner, string name, string type, ReadOnlySpan<byte> content, string? comment = null)
    {
#pragma warning disable CA5351 // Misskey shows the MD5 of a file; nothing is secured by it.
        var md5 = Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
        lock (_state.Gate)
        {
            var file = new DriveFile(_state.NewId(), _state.Now, owner, name, type, md5, content.Length)
            {
                Url = $"{_state.Origin}/files/{Guid.NewGuid()}",
                Comment = comment,
            };
            _state.Files.Add(file.Id, file);
            return file;
        }
    }

    /// <summary>Makes <c>:name:</c> a custom emoji of the server, so that it can be reacted with.</summary>
    public void AddEmoji(string name)
    {
        lock (_state.Gate)
        {
            _state.CustomEmojis.Add(name);
        }
    }

    public Account? FindAccount(string username) => Read(() => _state.AccountsByName.GetValueOrDefault(username));

    public Note? FindNote(string id) => Read(() => _state.Note(id));

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Note> NotesOf(Account account) => Read(() => account.Notes.ToArray());

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Note> RepliesTo(Note note) => Read(() => note.Replies.ToArray());

    public IReadOnlyList<Account> FollowersOf(Account account) => Read(() => account.Followers.Values.Select(follow => follow.Follower).ToArray());

    public IReadOnlyList<Account> FollowedBy(Account account) => Read(() => account.Following.Values.Select(follow => follow.Followee).ToArray());

    public bool IsFollowing(Account follower, Account followee) => Read(() => follower.Following.ContainsKey(followee.Id));

    public bool IsRequesting(Account follower, Account followee) => Read(() => follower.RequestsSent.ContainsKey(followee.Id));

    public bool IsMuting(Account muter, Account mutee) => Read(() => muter.Muting.ContainsKey(mutee.Id));

    public bool IsBlocking(Account blocker, Account blockee) => Read(() => blocker.Blocking.ContainsKey(blockee.Id));

    public IReadOnlyList<Reaction> ReactionsTo(Note note) => Read(() => note.Reactions.ToArray());

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Notification> NotificationsOf(Account account) => Read(() => account.Notifications.ToArray());

    public IReadOnlyList<Note> NotesIn(Clip clip) => Read(() => clip.Contents.ToArray());

    public IReadOnlyList<Account> MembersOf(UserList list) => Read(() => list.Members.ToArray());

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Webhook> WebhooksOf(Account account) => Read(() => account.Webhooks.ToArray());

    public IReadOnlyList<Clip> ClipsOf(Account account) => Read(() => _state.Clips.Values.Where(clip => clip.Owner == account).ToArray());

    public IReadOnlyList<UserList> ListsOf(Account account) => Read(() => _state.Lists.Values.Where(list => list.Owner == account).ToArray());

    public bool HasFavourited(Account account, Note note) => Read(() => account.Favourites.ContainsKey(note.Id));

    private T Read<T>(Func<T> read)
    {
        lock (_state.Gate)
        {
            return read();
        }
    }
}

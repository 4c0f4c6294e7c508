using MisskeyAutomations.Sandbox.Model;

namespace MisskeyAutomations.Sandbox.People;

/// <summary>
/// People who keep the sandbox busy around one account: first each kind of event once, in a fixed order, then more of
/// them at random. The same seed gives the same sequence.
/// </summary>
public sealed class SimulatedPeople
{
    private readonly SandboxWorld _world;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Account _bob;
    private readonly Account _carol;
    private readonly Account _sakura;
    private readonly Account _news;
    private readonly Account _kaede;
    private readonly Account _haru;
    private readonly Account[] _everybody;
    private volatile bool _isResting;

    /// <summary>Adds alice, the owner, with a list "friends" and a clip "good ones", and the people around her to the world.</summary>
    public SimulatedPeople(SandboxWorld world, TimeProvider time, int seed = 1)
    {
        _world = world;
        _time = time;
        _random = new Random(seed);
        Owner = world.AddAccount("alice", "アリス 🐇", description: "The account your rules act for.");
        world.AddList(Owner, "friends");
        world.AddClip(Owner, "good ones");
        _bob = world.AddAccount("bob", "Bob", description: "Trains, tea and TypeScript.");
        _carol = world.AddAccount("carol");
        _sakura = world.AddAccount("sakura", "さくら", description: "絵を描いています。");
        _news = world.AddAccount("news_bot", "News", isBot: true);
        _kaede = world.AddAccount("kaede", "かえで", isLocked: true, description: "Asks before anybody follows her.");
        _haru = world.AddAccount("haru", "はる");
        _everybody = [_bob, _carol, _sakura, _news];
    }

    /// <summary>Raised after each act, on the thread that runs them.</summary>
    public event Action<PersonAct>? Acted;

    /// <summary>The account that rules are tried with.</summary>
    public Account Owner { get; }

    /// <summary>Time between two acts; 1.2 s by default, so that each kind of event has come after about 20 s.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromSeconds(1.2);

    /// <summary>Whether they do nothing for now; acts that are left out do not come later.</summary>
    public bool IsResting
    {
        get => _isResting;
        set => _isResting = value;
    }

    /// <summary>Lets people act until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var act in Script())
        {
            Perform(act);
            await Task.Delay(Pace, _time, cancellationToken);
        }
        while (true)
        {
            Perform(ActAtRandom);
            await Task.Delay(Pace * (1 + (3 * Next())), _time, cancellationToken);
        }
    }

    private void Perform(Action act)
    {
        if (!_isResting)
        {
            act();
        }
    }

    private IEnumerable<Action> Script() =>
    [
        () => Write(Owner, "posted", "はじめまして！ This is the sandbox."),
        () => Follow(_bob),
        () => Mention(_carol, "ping"),
        () => Mention(_sakura, "こんにちは"),
        () => Renote(_bob),
        () => Quote(_carol, "これ、いいね"),
        () => Reply(_sakura, "ほんとうに？"),
        () => Message(_bob, "hello, are you there?"),
        () => Follow(_news),
        () => React(_carol, "🎉"),
        () => Follow(_sakura),
        () => Unfollow(_bob),
        () => Follow(_bob),
        () => Ask(_kaede),
        () => Poll("お茶？", TimeSpan.FromSeconds(10)),
        () => AskedBy(_haru),
    ];

    private void ActAtRandom()
    {
        var who = Pick(_everybody);
        var roll = Next();
        Action act = roll switch
        {
            < 0.15 when _world.IsFollowing(who, Owner) => () => Unfollow(who),
            < 0.25 => () => Follow(who),
            < 0.45 => () => Mention(who, Pick("ping", "こんにちは", "hello", "元気？", "おやすみ")),
            < 0.60 => () => Reply(who, Pick("なるほど", "わかる", "thanks!", "☕")),
            < 0.70 => () => Renote(who),
            < 0.80 => () => Quote(who, Pick("これ、いいね", "see this")),
            < 0.88 => () => Message(who, Pick("psst", "今いい？")),
            < 0.95 => () => React(who, Pick("👍", "🎉", "❤")),
            _ => () => Write(Owner, "posted", Pick("お茶の時間 ☕", "Good morning!", "今日は #webhook の話")),
        };
        act();
    }

    private void Follow(Account who) => Act(who, "followed", null, () => _world.Follow(who, Owner));

    // Whom the owner asks accepts at once.
    private void Ask(Account who) => Act(Owner, $"asked to follow @{who.Username}", null, () =>
    {
        _world.Follow(Owner, who);
        _world.AcceptRequest(who, Owner);
    });

    // The owner is locked for as long as somebody asks.
    private void AskedBy(Account who) => Act(who, "asked to follow", null, () =>
    {
        _world.Change(Owner, isLocked: true);
        _world.Follow(who, Owner);
        _world.Change(Owner, isLocked: false);
    });

    private void Poll(string text, TimeSpan length) => Act(Owner, "asked everybody", text, () =>
        _world.Post(Owner, new NoteDraft { Text = text, Poll = new PollDraft(["はい", "いいえ"]) { ExpiredAfter = length } }));

    private void Unfollow(Account who) => Act(who, "unfollowed", null, () => _world.Unfollow(who, Owner));

    private void Mention(Account who, string text) => Write(who, "mentioned", $"@{Owner.Username} {text}");

    private void Renote(Account who) => About(who, "renoted", null, note => _world.Renote(who, note));

    private void Quote(Account who, string text) => About(who, "quoted", text, note => _world.Quote(who, note, text));

    private void Reply(Account who, string text) => About(who, "replied to", text, note => _world.Reply(who, note, text));

    private void React(Account who, string emoji) => About(who, "reacted to", emoji, note => _world.React(who, note, emoji));

    private void Message(Account who, string text) => Act(who, "sent a direct note to", text, () => _world.Message(who, Owner, text));

    private void Write(Account who, string what, string text) => Act(who, what, text, () => _world.Post(who, text));

    /// <summary>Does something with the latest note of the owner that everybody may see.</summary>
    private void About(Account who, string what, string? text, Action<Note> act)
    {
        if (_world.NotesOf(Owner).LastOrDefault(note => note.Visibility is NoteVisibility.Public && !note.IsPureRenote) is { } note)
        {
            Act(who, what, text, () => act(note));
        }
    }

    private void Act(Account who, string what, string? text, Action act)
    {
        string? refusedWith = null;
        try
        {
            act();
        }
        catch (SandboxRefusedException exception)
        {
            refusedWith = exception.Refusal.Code; // a rule blocked them, or they follow already
        }
        var sentence = who == Owner ? what : $"{what} @{Owner.Username}";
        Acted?.Invoke(new PersonAct(_time.GetUtcNow(), who, sentence, text, refusedWith));
    }

    private T Pick<T>(params T[] choices) => choices[(int)(Next() * choices.Length)];

    private double Next() => _random.NextDouble();
}

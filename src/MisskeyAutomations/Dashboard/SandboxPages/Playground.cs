using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Health;
using MisskeyAutomations.Sandbox;
using MisskeyAutomations.Sandbox.Model;
using MisskeyAutomations.Sandbox.People;

namespace MisskeyAutomations.Dashboard.SandboxPages;

/// <summary>What people do in the sandbox and what the rules answer, with the newest of both kept; and a hand in the game for whoever looks.</summary>
internal sealed class Playground
{
    /// <summary>The longest name of a person, as on Misskey.</summary>
    public const int LongestName = 20;

    private const int Kept = 100;
    private const int MostPeople = 50;
    private const int NotesShown = 10;

    private readonly SandboxWorld _world;
    private readonly SimulatedPeople _people;
    private readonly TimeProvider _time;
    private readonly Lock _changing = new();
    private readonly LinkedList<PlayEntry> _entries = new();
    private long _last;

    public Playground(SandboxWorld world, SimulatedPeople people, LiveFeed feed, TimeProvider time)
    {
        (_world, _people, _time) = (world, people, time);
        people.Acted += Tell;
        feed.Decided += Tell;
        feed.Changed += Tell;
    }

    /// <summary>Raised after something was added; quick listeners only.</summary>
    public event Action? Told;

    /// <summary>Whom the rules act for.</summary>
    public Account Owner => _people.Owner;

    /// <summary>Everybody else, by name.</summary>
    public IReadOnlyList<Account> Others => [.. _world.Accounts.Where(account => account != Owner).OrderBy(account => account.Username, StringComparer.Ordinal)];

    /// <summary>Whether the simulated people leave the stage to whoever plays.</summary>
    public bool IsQuiet
    {
        get => _people.IsResting;
        set => _people.IsResting = value;
    }

    /// <summary>The number of the newest entry.</summary>
    public long Last => Interlocked.Read(ref _last);

    /// <summary>What happened, newest first.</summary>
    public IReadOnlyList<PlayEntry> Entries
    {
        get
        {
            lock (_changing)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>The owner's newest notes that everybody may see, newest first.</summary>
    public IReadOnlyList<Note> Notes =>
        [.. _world.NotesOf(Owner).Where(note => note.Visibility is NoteVisibility.Public && !note.IsPureRenote).Reverse().Take(NotesShown)];

    /// <summary>Lets somebody do something.</summary>
    /// <returns>What is wrong with what was asked; null when it happened, or Misskey refused it, which is told among the rest.</returns>
    public Phrase? Act(string? username, PlayDeed deed, string? noteId, string? text)
    {
        if (Others.FirstOrDefault(other => other.Username == username) is not { } who)
        {
            return "Choose who does it.";
        }

        if (NeedsText(deed) && string.IsNullOrWhiteSpace(text))
        {
            return deed is PlayDeed.React ? "Write the emoji of the reaction, such as 👍." : "Write what is said.";
        }

        var note = Notes.FirstOrDefault(known => known.Id == noteId) ?? (Notes is [var newest, ..] ? newest : null);
        if (note is null && deed is PlayDeed.Reply or PlayDeed.Renote or PlayDeed.Quote or PlayDeed.React)
        {
            return Phrase.Of($"@{Owner.Username} has no note yet that everybody may see. Let her post one first.");
        }

        return Try(who, deed, note, text?.Trim());
    }

    /// <summary>Lets the owner write a note.</summary>
    public Phrase? Post(string? text) => string.IsNullOrWhiteSpace(text) ? "Write what is said." : Try(Owner, PlayDeed.Post, null, text.Trim());

    /// <summary>Adds a person. What is wrong with the name; null when somebody is there now.</summary>
    public Phrase? Add(string? username, bool isBot)
    {
        var name = username?.Trim().TrimStart('@') ?? "";
        if (name.Length is 0 or > LongestName || !name.All(sign => char.IsAsciiLetterOrDigit(sign) || sign == '_'))
        {
            return Phrase.Of($"'{name}' is no username. Take at most {LongestName} letters, digits and underscores.");
        }

        lock (_changing)
        {
            if (_world.Accounts.Any(known => known.Username.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return Phrase.Of($"There is a @{name} already. Choose another name.");
            }

            if (_world.Accounts.Count > MostPeople)
            {
                return Phrase.Of($"{MostPeople} people are enough.");
            }

            _world.AddAccount(name, isBot: isBot);
            return null;
        }
    }

    /// <summary>Waits until a rule did something after an entry, none does, or the patience is over.</summary>
    public async Task AnsweredAsync(long after, TimeSpan patience, CancellationToken cancellationToken)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Entries.Any(entry => entry.Number > after && entry.EndsWait))
            {
                told.TrySetResult();
            }
        }

        Told += Look;
        try
        {
            Look();
            await told.Task.WaitAsync(patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It takes its time; the page shows it when it is there.
        }
        finally
        {
            Told -= Look;
        }
    }

    /// <summary>Whether a deed needs words.</summary>
    public static bool NeedsText(PlayDeed deed) => deed is PlayDeed.Mention or PlayDeed.Reply or PlayDeed.Quote or PlayDeed.React or PlayDeed.Message or PlayDeed.Post;

    private Phrase? Try(Account who, PlayDeed deed, Note? note, string? text)
    {
        string? refusedWith = null;
        try
        {
            Do(who, deed, note, text);
        }
        catch (SandboxRefusedException refused)
        {
            refusedWith = refused.Refusal.Code;
        }

        Tell(new PersonAct(_time.GetUtcNow(), who, WordOf(deed) + (who == Owner ? "" : $" @{Owner.Username}"), text, refusedWith));
        return null;
    }

    private void Do(Account who, PlayDeed deed, Note? note, string? text)
    {
        switch (deed)
        {
            case PlayDeed.Follow:
                _world.Follow(who, Owner);
                break;
            case PlayDeed.Unfollow:
                _world.Unfollow(who, Owner);
                break;
            case PlayDeed.Mention:
                _world.Post(who, text!.Contains($"@{Owner.Username}", StringComparison.OrdinalIgnoreCase) ? text : $"@{Owner.Username} {text}");
                break;
            case PlayDeed.Reply:
                _world.Reply(who, note!, text!);
                break;
            case PlayDeed.Renote:
                _world.Renote(who, note!);
                break;
            case PlayDeed.Quote:
                _world.Quote(who, note!, text!);
                break;
            case PlayDeed.React:
                _world.React(who, note!, text!);
                break;
            case PlayDeed.Message:
                _world.Message(who, Owner, text!);
                break;
            default:
                _world.Post(who, text!);
                break;
        }
    }

    private static string WordOf(PlayDeed deed) => deed switch
    {
        PlayDeed.Follow => "followed",
        PlayDeed.Unfollow => "unfollowed",
        PlayDeed.Mention => "mentioned",
        PlayDeed.Reply => "replied to",
        PlayDeed.Renote => "renoted",
        PlayDeed.Quote => "quoted",
        PlayDeed.React => "reacted to",
        PlayDeed.Message => "sent a direct note to",
        _ => "posted",
    };

    private void Tell(PersonAct act) => Add(number => new(number, act.Time, IsAnswer: false, $"@{act.Who.Username}", PlayWords.Of(act)) { Said = act.Text, IsRefused = act.RefusedWith is not null });

    private void Tell(Event happening, IReadOnlyList<Verdict> verdicts)
    {
        foreach (var verdict in verdicts.Where(verdict => verdict.Runs))
        {
            Add(number => new(number, _time.GetUtcNow(), IsAnswer: true, verdict.Rule, WhyWords.Of(verdict)) { Because = verdict.Because });
        }

        // What the owner does herself comes back as an event; that rules leave it alone is no news.
        Verdict[] refusals = [.. verdicts.Where(verdict => !verdict.Runs && verdict.Gate != Gates.Self)];
        if (refusals.Length > 0)
        {
            var who = happening.User?.GetText("username") is { } user ? $"@{user}" : happening.Type;
            Add(number => new(number, _time.GetUtcNow(), IsAnswer: true, who, verdicts.Any(verdict => verdict.Runs) ? "Other rules do not run" : "No rule runs")
            {
                Refusals = [.. refusals.Select(verdict => (verdict.Rule, WhyWords.Of(verdict), verdict.Because))],
                IsRefused = true,
                EndsWait = refusals.Length == verdicts.Count,
            });
        }
    }

    private void Tell(Run run, Step? step)
    {
        if (step is { State: StepState.Done, Intent: { } done })
        {
            Add(number => new(number, _time.GetUtcNow(), IsAnswer: true, run.RuleName, "It did:") { Said = done.Summary, Run = run.Id, EndsWait = true });
        }
        else if (step is { State: StepState.Skipped or StepState.Failed or StepState.Uncertain })
        {
            Add(number => new(number, _time.GetUtcNow(), IsAnswer: true, run.RuleName, WhyWords.Of(step.State)) { Because = step.Reason, IsRefused = true, Run = run.Id });
        }
        else if (run.State == RunState.Waiting)
        {
            Add(number => new(number, _time.GetUtcNow(), IsAnswer: true, run.RuleName, "It waits.") { Because = run.Reason, Run = run.Id });
        }
    }

    private void Add(Func<long, PlayEntry> make)
    {
        lock (_changing)
        {
            _entries.AddFirst(make(Interlocked.Increment(ref _last)));
            if (_entries.Count > Kept)
            {
                _entries.RemoveLast();
            }
        }

        Told?.Invoke();
    }
}

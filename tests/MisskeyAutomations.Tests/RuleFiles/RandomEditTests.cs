using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Engine.RuleTests;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.RuleFiles;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.RuleFiles;

/// <summary>
/// Files that are replaced, cut, deleted, moved, broken and turned into what is no file, by a seed, while the folder is watched. Each
/// edit is one deed of the file system, so that every state that ever lay on the disk is known. <c>MKA_EDITS</c> says how many.
/// </summary>
public sealed class RandomEditTests(ITestOutputHelper output) : IDisposable
{
    private const int Files = 6;
    private const int BetweenLooks = 15;

    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<string> _states = new(StringComparer.Ordinal);
    private int _generation;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_in_force_is_always_a_set_that_lay_on_the_disk_and_the_last_good_one_stays()
    {
        var (edits, seed) = (Numbers.Of("MKA_EDITS") ?? 300, Numbers.Of("MKA_SEED") ?? 1);
        var random = new Random(seed);
        Directory.CreateDirectory(_folder["rules"]);
        for (var file = 0; file < Files; file++)
        {
            Replace(PathOf(file), Text(file));
        }

        var folder = Open();
        var runs = new MemoryRunStore(TimeProvider.System);
        var versions = new RuleVersions(runs, ActionTable.Descriptors);
        versions.Swap(folder.Read().RuleSet!);
        var (inForce, broken) = (0, 0);
        var unknown = new List<string>();
        using var reloader = new RuleReloader(folder, versions, runs, NullLogger<RuleReloader>.Instance, TimeProvider.System);
        reloader.Reloaded += (reading, isInForce) =>
        {
            _ = isInForce ? inForce++ : broken++;
            lock (_states)
            {
                if (isInForce && !_states.Contains(Told(reading.RuleSet)))
                {
                    unknown.Add(Told(reading.RuleSet));
                }
            }
        };
        await reloader.StartAsync(TestContext.Current.CancellationToken);

        for (var edit = 1; edit <= edits; edit++)
        {
            Note(() => Edit(random));
            if (edit % (2 * BetweenLooks) == 0)
            {
                Mend();
            }

            if (edit % BetweenLooks == 0)
            {
                var brokenBefore = Volatile.Read(ref broken);
                await SettledAsync(versions, reloader, () => Volatile.Read(ref broken) > brokenBefore, seed, edit);
            }
        }

        output.WriteLine($"MKA_SEED={seed} MKA_EDITS={edits}: {_states.Count} states, {inForce} times in force, {broken} times broken");
        Assert.True(unknown.Count == 0, $"MKA_SEED={seed}: in force without ever having lain on the disk:\n{string.Join('\n', unknown)}");
        Assert.True(inForce > 0 && broken > 0);
        await reloader.StopAsync(CancellationToken.None);
    }

    // Where the folder reads well, its set comes into force; else what was in force stays.
    private async Task SettledAsync(RuleVersions versions, RuleReloader reloader, Func<bool> hasFoundItBroken, int seed, int edit)
    {
        var before = Told(versions.Current);
        var now = Open().Read().RuleSet;
        await Eventually.HoldsAsync(() => reloader.ExecuteTask!.IsCompleted || (now is null ? hasFoundItBroken() : Told(versions.Current) == Told(now)), $"MKA_SEED={seed}: what edit {edit} left is in force");
        Assert.False(reloader.ExecuteTask!.IsCompleted, $"{reloader.ExecuteTask.Exception}");
        Assert.True(now is not null || Told(versions.Current) == before || _states.Contains(Told(versions.Current)), $"MKA_SEED={seed}, edit {edit}");
        Assert.NotEqual("broken", Told(versions.Current));
    }

    // Under the lock, so that nobody asks whether a state is known before it is noted.
    private void Note(Action edit)
    {
        lock (_states)
        {
            edit();
            _states.Add(Told(Open().Read().RuleSet));
        }
    }

    private void Mend()
    {
        for (var file = 0; file < Files; file++)
        {
            var one = file;
            Note(() => Replace(PathOf(one), Text(one)));
        }
    }

    private void Edit(Random random)
    {
        var file = random.Next(Files);
        var path = PathOf(file);
        if (!IsPlain(path) || random.Next(3) == 0)
        {
            Remove(path);
            Replace(path, Text(file));
            return;
        }

        switch (random.Next(9))
        {
            case 0:
                using (var open = File.OpenWrite(path))
                {
                    open.SetLength(random.NextInt64(open.Length + 1));
                }

                break;
            case 1:
                File.Delete(path);
                break;
            case 2:
                File.Move(path, PathOf(random.Next(Files)), overwrite: true);
                break;
            case 3:
                using (var open = File.Open(path, FileMode.Append))
                {
                    open.Write([(byte)random.Next(256), (byte)random.Next(256), (byte)'\n']);
                }

                break;
            case 4:
                Remove(path);
                File.CreateSymbolicLink(path, Path.GetFileName(path));
                break;
            case 5:
                Remove(path);
                using (var make = Process.Start("mkfifo", [path]))
                {
                    make.WaitForExit();
                }

                break;
            case 6:
                Replace(path, "rules: [\n");
                break;
            case 7:
                Close(path);
                break;
            default:
                Directory.CreateDirectory(_folder[$"rules/sub{random.Next(3)}"]);
                Replace(_folder[$"rules/sub{random.Next(3)}.yaml"], $"lists: {{ l{++_generation}: [a] }}\n");
                break;
        }
    }

    // To open a pipe waits for its other end, and what is closed cannot be cut.
    private static bool IsPlain(string path) =>
        new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 } && (OperatingSystem.IsWindows() || File.GetUnixFileMode(path) != UnixFileMode.None);

    // Nobody may read it; an administrator may.
    private static void Close(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
        }
    }

    // Written aside, outside of the folder, and moved into place.
    private void Replace(string path, string text)
    {
        var aside = _folder["aside"];
        File.WriteAllText(aside, text);
        File.Move(aside, path, overwrite: true);
    }

    // Every generation has another length, so that no two states look alike to the watch.
    private string Text(int file)
    {
        var generation = ++_generation;
        return $"# {new string('x', generation)}\nrules:\n" + string.Concat(Enumerable.Range(0, 4).Select(rule =>
            $"  - name: f{file}-r{rule}-g{generation}\n    on: mention\n    do:\n      - reply: hello of generation {generation}\n"));
    }

    private string PathOf(int file) => _folder[$"rules/f{file}.yaml"];

    private RuleFolder Open() => new(_folder["rules"], ActionTable.Descriptors);

    private static string Told(RuleSet? rules) => rules is null ? "broken" : string.Join(' ', rules.Rules.Select(rule => rule.Name).Order(StringComparer.Ordinal));
}

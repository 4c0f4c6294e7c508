using System.Diagnostics;
using MisskeyAutomations.Tests.EndToEnd;

namespace MisskeyAutomations.Tests.Cli;

/// <summary>Files that were made to break what reads them, or that are none.</summary>
public sealed class HostileFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Texts => [.. All.Keys];

    public static TheoryData<string> Things => ["pipe", "device", "dangling link", "link to itself", "huge file", "socket"];

    private static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["nested parentheses"] = Rule(new string('(', 1_000) + "user.isBot" + new string(')', 1_000)),
        ["very many ors"] = Rule(string.Concat(Enumerable.Repeat("user.isBot or ", 20_000)) + "user.isCat"),
        ["open brackets"] = "rules: " + new string('[', 50_000),
        ["open braces"] = "rules: " + string.Concat(Enumerable.Repeat("{a: ", 50_000)),
        ["alias bomb"] = "a: &a [x, x, x, x, x, x, x, x, x]\n" + string.Concat(Enumerable.Range(1, 9).Select(i =>
            $"{(char)('a' + i)}: &{(char)('a' + i)} [{string.Join(", ", Enumerable.Repeat($"*{(char)('a' + i - 1)}", 9))}]\n")),
        ["and-ed emoji"] = Rule(string.Join(" and ", Enumerable.Repeat("👩‍👩‍👧‍👦", 100))),
        ["ten megabytes"] = "# " + new string('x', 10_000_000),
        ["binary"] = string.Concat(Enumerable.Range(0, 4_096).Select(i => (char)(i * 7919 % 256))),
        ["nots"] = Rule(string.Concat(Enumerable.Repeat("not ", 400)) + "user.isBot"),
        ["regex"] = Rule($"matches(note.text, /{string.Concat(Enumerable.Repeat("(a{1,1000}){1,1000}", 50))}/)"),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Validate_says_what_is_wrong_and_ends_soon(string name)
    {
        _folder.Write("rules/x.yaml", All[name]);

        await IsRefusedAsync();
    }

    [Theory]
    [MemberData(nameof(Things))]
    public async Task Validate_says_that_it_is_no_file_and_ends_soon(string name)
    {
        Make(name, Path.Combine(Directory.CreateDirectory(_folder["rules"]).FullName, "x.yaml"));

        var output = await IsRefusedAsync();

        Assert.Contains(name == "huge file" ? "MKA1001" : "MKA1030", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_encoding_is_refused_instead_of_posting_question_marks()
    {
        // "こ" in Shift_JIS.
        _folder.Write("rules/x.yaml", "");
        await File.WriteAllBytesAsync(
            _folder["rules/x.yaml"], [.. "rules:\n  - name: a\n    on: mention\n    do:\n      - reply: "u8, 0x82, 0xB1], TestContext.Current.CancellationToken);

        Assert.Contains("UTF-8", await IsRefusedAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_that_link_to_themselves_are_read_once_and_a_folder_may_be_named_like_a_file()
    {
        _folder.Write("rules/folder.yaml/a.yaml", "rules:\n  - name: a\n    on: mention\n    do:\n      - reply: hi\n");
        Directory.CreateSymbolicLink(_folder["rules/around"], _folder["rules"]);
        Directory.CreateSymbolicLink(_folder["rules/again"], "folder.yaml");

        var (exitCode, output, _) = await ProgramRun.ToEndAsync(_folder.Path, null, "validate", "rules");

        Assert.Equal((0, "1 rule in 1 file: no findings.\n"), (exitCode, output));
    }

    [Fact]
    public async Task A_running_engine_outlives_them_all_and_keeps_its_rules()
    {
        await using var house = await House.OpenAsync("rules:\n  - name: pong\n    on: mention\n    do:\n      - reply: PONG!\n");
        var hostile = Path.Combine(house.Rules, "x.yaml");
        var times = 0;

        foreach (var text in All.Values)
        {
            File.WriteAllText(hostile, text);
            await IsToldAsync(house, ++times);
        }

        foreach (var name in Things)
        {
            File.Delete(hostile);
            Make(name.Data, hostile);
            await IsToldAsync(house, ++times);
        }

        File.Delete(hostile);
        await Eventually.HoldsAsync(() => house.Log.Lines.Any(line => line.Contains("The rules were reloaded", StringComparison.Ordinal)), "the good ones are read again");
        var his = house.World.Post(house.World.AddAccount("bob"), "@alice ping");
        await house.RestAsync();
        Assert.Single(house.World.RepliesTo(his));
    }

    private static Task IsToldAsync(House house, int times) => Eventually.HoldsAsync(
        () => house.Log.Lines.Count(line => line.Contains("the last good ones stay in force", StringComparison.Ordinal)) >= times, $"the broken set is told {times} times");

    private static string Rule(string when) => $"rules:\n  - name: a\n    on: mention\n    when: \"{when}\"\n    do:\n      - reply: hi\n";

    private static void Make(string name, string path)
    {
        switch (name)
        {
            case "pipe":
                using (var make = Process.Start("mkfifo", [path]))
                {
                    make.WaitForExit();
                }

                break;
            case "device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "dangling link":
                File.CreateSymbolicLink(path, "/nowhere/at/all.yaml");
                break;
            case "link to itself":
                File.CreateSymbolicLink(path, "x.yaml");
                break;
            case "huge file":
                using (var file = File.Create(path))
                {
                    file.SetLength(1L << 36);
                }

                break;
            case "socket":
                using (var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified))
                {
                    socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(path + "-"));
                    File.Move(path + "-", path);
                }

                break;
        }
    }

    private async Task<string> IsRefusedAsync()
    {
        var begin = TimeProvider.System.GetTimestamp();
        var (exitCode, output, error) = await ProgramRun.ToEndAsync(_folder.Path, null, "validate", "rules");
        var took = TimeProvider.System.GetElapsedTime(begin);

        Assert.Equal((1, ""), (exitCode, error));
        Assert.Contains("rules/x.yaml:", output, StringComparison.Ordinal);
        Assert.Contains(": error MKA", output, StringComparison.Ordinal);
        Assert.True(took < TimeSpan.FromSeconds(20), $"it took {took}");
        return output;
    }
}

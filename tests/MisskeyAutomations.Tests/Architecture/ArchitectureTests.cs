using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Inbox;

namespace MisskeyAutomations.Tests.Architecture;

public sealed partial class ArchitectureTests
{
    private static readonly System.Reflection.Assembly EngineAssembly = typeof(RunPlanner).Assembly;
    private static readonly System.Reflection.Assembly ProgramAssembly = typeof(IInbox).Assembly;
    private static readonly ArchUnitNET.Domain.Architecture House = new ArchLoader().LoadAssemblies(EngineAssembly, ProgramAssembly).Build();

    /// <summary>Our own interfaces: only for extension points and for seams to the outside. A further one needs an ADR.</summary>
    private static readonly string[] OwnInterfaces = ["IAction", "IAlarm", "IBlackBox", "IInbox", "ILookupJournal", "ILookups", "IMisskeyApi", "IRunStore"];

    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Service", "Processor", "Info", "Base"];

    public static TheoryData<string> Folders() => [.. Layers.MayUse.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_only_what_the_table_allows(string folder)
    {
        var allowed = Layers.MayUse[folder].Append(folder).ToArray();

        var strangers = Types()
            .Where(type => IsIn(NameOf(type), folder))
            .SelectMany(type => type.Dependencies.Select(dependency => (type, target: dependency.Target)))
            .Where(pair => IsIn(NameOf(pair.target), "MisskeyAutomations") && !allowed.Any(place => IsIn(NameOf(pair.target), place)))
            .Select(pair => $"{pair.type.FullName} uses {pair.target.FullName}")
            .Distinct().Order().ToArray();

        Assert.Empty(strangers);
    }

    [Fact]
    public void Every_folder_is_in_the_table()
    {
        var folders = Types().Select(type => NameOf(type)).Where(name => name.StartsWith("MisskeyAutomations", StringComparison.Ordinal)).Distinct();

        var unknown = folders.Where(name => !Layers.MayUse.Keys.Any(folder => IsIn(name, folder))
            && !IsIn(name, "MisskeyAutomations.Cli") && name is not "MisskeyAutomations").ToArray();

        Assert.Empty(unknown);
    }

    public static TheoryData<string> Packages() => [.. Layers.OnlyIn.Keys];

    [Theory]
    [MemberData(nameof(Packages))]
    public void A_package_is_seen_by_one_folder_alone(string package)
    {
        var folder = Layers.OnlyIn[package];

        var seers = Types()
            .Where(type => type.Dependencies.Any(dependency => IsIn(NameOf(dependency.Target), package)))
            .Select(type => NameOf(type)).Distinct().ToArray();

        Assert.NotEmpty(seers);
        Assert.All(seers, seer => Assert.True(IsIn(seer, folder), $"{seer} sees {package}"));
    }

    [Fact]
    public void Interfaces_of_our_own_are_few_and_known()
    {
        var interfaces = House.Interfaces
            .Where(type => IsIn(NameOf(type), "MisskeyAutomations") && !type.Name.Contains('<') && !IsGenerated(type.FullName))
            .Select(type => type.Name).Order(StringComparer.Ordinal);

        Assert.Equal(OwnInterfaces, interfaces);
    }

    [Fact]
    public void Names_say_the_job()
    {
        var empty = Types().Where(type => IsIn(NameOf(type), "MisskeyAutomations") && !IsGenerated(type.FullName))
            .Select(type => type.Name)
            .Where(name => EmptyWords.Any(word => name.EndsWith(word, StringComparison.Ordinal)));

        Assert.Empty(empty);
    }

    [Fact]
    public void Files_are_no_longer_than_three_hundred_lines()
    {
        var tooLong = SourceFiles.All("src", "tests", "bench")
            .Select(file => (file, lines: File.ReadAllLines(file).Length)).Where(pair => pair.lines > 300).Select(pair => $"{pair.file}: {pair.lines}");

        Assert.Empty(tooLong);
    }

    [Fact]
    public void Half_of_the_files_have_at_most_forty_lines_of_code()
    {
        var lengths = SourceFiles.All("src").Select(CodeLines).Order().ToArray();

        Assert.InRange(lengths[lengths.Length / 2], 1, 60);
    }

    [Fact]
    public void Log_events_have_numbers_of_their_own()
    {
        var numbers = SourceFiles.All("src").SelectMany(file => LogNumber.Matches(File.ReadAllText(file)).Select(match => match.Groups["number"].Value)).ToArray();

        Assert.NotEmpty(numbers);
        Assert.Equal(numbers.Distinct().Count(), numbers.Length);
    }

    private static IEnumerable<IType> Types() => House.Types.Where(type => IsIn(NameOf(type), "MisskeyAutomations"));

    // Types that the compiler or another language made may stand in no namespace.
    private static string NameOf(IType type) => type.Namespace?.FullName ?? "";

    private static bool IsIn(string name, string folder) =>
        name == folder || name.StartsWith(folder + ".", StringComparison.Ordinal);

    private static bool IsGenerated(string name) => name.Contains("Generated", StringComparison.Ordinal) || name.Contains('<');

    private static int CodeLines(string file) => File.ReadLines(file)
        .Select(line => line.Trim())
        .Count(line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal) && !line.StartsWith("using ", StringComparison.Ordinal));

    [GeneratedRegex(@"\[LoggerMessage\((EventId = )?(?<number>\d+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex LogNumber { get; }
}

using System.Text.RegularExpressions;
using MisskeyAutomations.Cli;
using MisskeyAutomations.Tests.Architecture;
using YamlDotNet.RepresentationModel;

namespace MisskeyAutomations.Tests.Docs;

/// <summary>The Compose file of the page fits the image that the Dockerfile makes, and the image has all that the program is built of.</summary>
public sealed partial class ComposeTests
{
    // Of the Compose specification.
    private static readonly string[] KeysOfServices = ["build", "image", "restart", "stop_grace_period", "environment", "ports", "volumes", "command", "user", "healthcheck"];

    private static readonly string Dockerfile = File.ReadAllText(Path.Combine(SourceFiles.Root, "Dockerfile"));

    [Fact]
    public void The_page_s_file_has_what_Compose_knows_and_names_what_the_image_has()
    {
        var compose = Read(Document.Read("docs/deploying.md").Blocks().Single(block => block.Text.StartsWith("services:", StringComparison.Ordinal)).Text);
        var service = Assert.IsType<YamlMappingNode>(Map(compose, "services").Children.Single().Value);
        var folder = Line("WORKDIR /automations").Split(' ')[1];

        Assert.Equal(["services", "volumes"], Keys(compose));
        Assert.Empty(Keys(service).Except(KeysOfServices));
        Assert.Equal($"127.0.0.1:8080:{Line("EXPOSE ").Split(' ')[1]}", Values(service, "ports").Single());
        var volumes = Values(service, "volumes").Select(volume => volume.Split(':')).ToArray();
        Assert.Equal([$"{folder}/rules", $"{folder}/data"], volumes.Select(volume => volume[1]));
        Assert.Contains(volumes[1][0], Keys(Map(compose, "volumes")));
        Assert.Equal($"{folder}/data", Line("VOLUME ").Split(' ')[1]);
        Assert.All(Keys(Map(service, "environment")), name => Assert.Contains(SettingNames.OfVariable(name[SettingNames.Prefix.Length..]), Document.Read("docs/operating.md").Text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_image_is_built_of_all_that_the_projects_take_from_outside_of_them()
    {
        var copied = Copies.Matches(Dockerfile).SelectMany(match => match.Groups["files"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        var ignored = File.ReadAllLines(Path.Combine(SourceFiles.Root, ".dockerignore"));
        var taken = Directory.EnumerateFiles(Path.Combine(SourceFiles.Root, "src"), "*.csproj", SearchOption.AllDirectories).SelectMany(file => Includes.Matches(File.ReadAllText(file))
            .Select(match => Path.GetRelativePath(SourceFiles.Root, Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, match.Groups["path"].Value.Replace('\\', '/'))))))
            .Where(path => !path.StartsWith("src", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(taken);
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(SourceFiles.Root, path)), path));
        Assert.All(taken, path => Assert.Contains(path.Split('/')[0], copied));
        Assert.All(taken.Where(path => path.StartsWith("docs/", StringComparison.Ordinal)), path => Assert.Contains(ignored, line => line.StartsWith('!') && path.StartsWith(line[1..], StringComparison.Ordinal)));
        Assert.All(((string[])["global.json", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig"]), file => Assert.Contains(file, copied));
    }

    private static string Line(string begin) => Dockerfile.Split('\n').Single(line => line.StartsWith(begin, StringComparison.Ordinal));

    private static YamlMappingNode Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static YamlMappingNode Map(YamlMappingNode node, string key) => (YamlMappingNode)node.Children[key];

    private static IEnumerable<string> Keys(YamlMappingNode node) => node.Children.Keys.Select(key => key.ToString());

    private static IEnumerable<string> Values(YamlMappingNode node, string key) => ((YamlSequenceNode)node.Children[key]).Children.Select(value => value.ToString());

    [GeneratedRegex(@"^COPY (?!--)(?<files>.+) \S+$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Copies { get; }

    [GeneratedRegex(@"Include=""(?<path>\.\.[\\/][^""]+)""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Includes { get; }
}

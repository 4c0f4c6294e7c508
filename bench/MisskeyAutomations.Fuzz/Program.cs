using MisskeyAutomations.Tests.Fuzzing;
using SharpFuzz;

return args switch
{
    ["targets"] => List(),
    ["seeds", var name, var folder] => WriteSeeds(Find(name), folder),
    ["run", var name] => Run(name),
    ["read", var name, var file] => Read(Find(name), file),
    _ => Usage(),
};

static int List()
{
    foreach (var target in FuzzTarget.All)
    {
        Console.WriteLine(NameOf(target));
    }

    return 0;
}

static int WriteSeeds(FuzzTarget target, string folder)
{
    Directory.CreateDirectory(folder);
    foreach (var (number, seed) in target.Seeds().Index())
    {
        File.WriteAllBytes(Path.Combine(folder, $"{number:00000}"), seed);
    }

    return 0;
}

// In a process of its own, so that one that ends the process is found as well.
static int Run(string name)
{
    FuzzTarget? target = null;
    Fuzzer.OutOfProcess.Run(stream =>
    {
        // Nothing of ours runs before the fuzzer listens.
        target ??= Find(name);
        using var input = new MemoryStream();
        stream.CopyTo(input);
        target.Read(input.ToArray());
    });
    return 0;
}

static int Read(FuzzTarget target, string file)
{
    target.Read(File.ReadAllBytes(file));
    Console.WriteLine("It is read as it must be.");
    return 0;
}

static FuzzTarget Find(string name) =>
    FuzzTarget.All.FirstOrDefault(target => NameOf(target) == name) ?? throw new InvalidOperationException($"There is no target '{name}'. `targets` lists them.");

static string NameOf(FuzzTarget target) => target.Name.Replace(' ', '-');

static int Usage()
{
    Console.Error.WriteLine("""
        usage:
          targets              what can be fuzzed
          seeds TARGET FOLDER  writes the inputs to begin with
          run TARGET           for afl-fuzz; see bench/fuzz
          read TARGET FILE     reads one input, such as one that afl-fuzz found
        """);
    return 64;
}

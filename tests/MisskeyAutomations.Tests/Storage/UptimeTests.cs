using System.Globalization;
using MisskeyAutomations.Storage;

namespace MisskeyAutomations.Tests.Storage;

public sealed class UptimeTests
{
    [Fact]
    public void The_machine_is_up_for_as_long_as_its_kernel_says()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere nobody is asked");
        var told = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);

        var up = Uptime.Read()!.Value.TotalSeconds;

        Assert.InRange(up - told, -0.1, 60);
    }

    [Fact]
    public void It_is_told_to_less_than_a_second()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere nobody is asked");
        var first = Uptime.Read();

        Assert.True(SpinWait.SpinUntil(() => Uptime.Read() > first, TimeSpan.FromSeconds(1)));
    }
}

using MisskeyAutomations.Health.Alerts;

namespace MisskeyAutomations.Tests.Health;

public sealed class AlertBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    private readonly AlertBook _book = new(["a", "b"], []);

    [Fact]
    public void A_trouble_is_told_once_to_each_target_and_once_when_it_is_over()
    {
        See(Noon, "main");
        See(Noon.AddSeconds(15), "main");
        Assert.Single(_book.Pending("b", Noon));
        var told = Assert.Single(_book.Pending("a", Noon));
        _book.Tell([told], Noon);
        Assert.Empty(_book.Pending("a", Noon.AddHours(1)));

        See(Noon.AddHours(1));

        Assert.Empty(_book.Pending("a", Noon.AddHours(1)));
        var over = Assert.Single(_book.Pending("a", Noon.AddHours(1).AddMinutes(1)));
        Assert.NotNull(over.OverAt);
        _book.Tell([over], Noon.AddHours(2));
        Assert.Empty(_book.Rows);
    }

    [Fact]
    public void What_is_over_before_it_was_told_is_not_told()
    {
        See(Noon, "main");
        See(Noon.AddSeconds(15));

        Assert.Empty(_book.Pending("a", Noon.AddHours(1)));
        Assert.Empty(_book.Rows);
    }

    [Fact]
    public void What_comes_back_within_a_minute_was_never_away()
    {
        See(Noon, "main");
        _book.Tell(_book.Pending("a", Noon), Noon);
        See(Noon.AddSeconds(15));
        See(Noon.AddSeconds(30), "main");

        Assert.Empty(_book.Pending("a", Noon.AddHours(1)));
    }

    [Fact]
    public void What_is_over_is_told_though_the_clock_was_put_back_by_years()
    {
        See(Noon, "main");
        _book.Tell(_book.Pending("a", Noon), Noon);
        See(Noon.AddMinutes(1));

        Assert.NotNull(Assert.Single(_book.Pending("a", Noon.AddYears(-2))).OverAt);
    }

    [Fact]
    public void What_nobody_can_tell_just_now_is_not_over()
    {
        See(Noon, "main");
        _book.Tell(_book.Pending("a", Noon), Noon);

        _book.Take("kind", [], _ => true, Noon.AddHours(1));

        Assert.Empty(_book.Pending("a", Noon.AddHours(2)));
        Assert.NotEmpty(_book.Rows);
    }

    [Fact]
    public void What_was_told_before_a_restart_is_not_told_again()
    {
        See(Noon, "main");
        _book.Tell(_book.Pending("a", Noon), Noon);

        var again = new AlertBook(["a"], _book.Rows);
        again.Take("kind", [("main", "trouble")], _ => false, Noon.AddHours(1));

        Assert.Empty(again.Pending("a", Noon.AddHours(2)));
    }

    // The example of the specification of Standard Webhooks.
    [Fact]
    public void Signatures_are_those_of_Standard_Webhooks() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        AlertSender.Sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8));

    private void See(DateTimeOffset now, params string[] subjects) =>
        _book.Take("kind", [.. subjects.Select(subject => (subject, "trouble"))], _ => false, now);
}

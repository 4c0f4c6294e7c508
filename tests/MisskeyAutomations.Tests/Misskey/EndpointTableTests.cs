using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Rules;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Misskey;

public sealed class EndpointTableTests
{
    [Fact]
    public void Every_line_can_be_read()
    {
        var shapes = EndpointTable.Names.Select(name => EndpointTable.Find(name)!).ToList();

        Assert.Equal(412, shapes.Count);
        Assert.Equal(1306, shapes.Sum(shape => shape.Parameters.Count));
        Assert.All(shapes, shape => Assert.Distinct(shape.Parameters.Select(parameter => parameter.Name), StringComparer.Ordinal));
        Assert.All(shapes, shape => Assert.Subset(shape.Parameters.Select(parameter => parameter.Name).ToHashSet(), shape.OneOf.SelectMany(way => way).ToHashSet()));
        Assert.All(shapes.SelectMany(shape => shape.Parameters), parameter =>
        {
            Assert.Matches("^[A-Za-z0-9_]+$", parameter.Name);
            Assert.Equal(parameter.Type == EndpointValue.List, parameter.Element is not null);
            Assert.All(parameter.Words, word => Assert.Matches(@"^[A-Za-z0-9_+\-./:@*]+$", word));
            Assert.False(parameter.Least > parameter.Most);
        });
    }

    [Fact]
    public void Parameters_are_what_the_API_describes()
    {
        var create = EndpointTable.Find("notes/create")!;

        Assert.Equal("write:notes", create.Permission);
        var text = create.Parameters.Single(parameter => parameter.Name == "text");
        var files = create.Parameters.Single(parameter => parameter.Name == "fileIds");
        var visibility = create.Parameters.Single(parameter => parameter.Name == "visibility");
        Assert.Equal((EndpointValue.Text, true, false, 1d, 3000d), (text.Type, text.Nullable, text.Required, text.Least, text.Most));
        Assert.Equal((EndpointValue.List, EndpointValue.Id, 1d, 16d), (files.Type, files.Element, files.Least, files.Most));
        Assert.Equal(["public", "home", "followers", "specified"], visibility.Words);
        Assert.Equal("\"public\"", visibility.Default);
        Assert.Contains("mention", EndpointTable.Find("i/notifications")!.Parameters.Single(parameter => parameter.Name == "includeTypes").Words);
        Assert.True(EndpointTable.Find("following/create")!.Parameters.Single(parameter => parameter.Name == "userId").Required);
    }

    [Fact]
    public void Answers_are_known_where_they_are_notes_users_and_files()
    {
        Assert.Equal(Shape.List(Schema.Note), EndpointTable.Find("users/notes")!.Answer);
        Assert.Equal(Schema.Note, EndpointTable.Find("notes/show")!.Answer);
        Assert.Equal(Schema.User, EndpointTable.Find("users/show")!.AnswerTo(new HashSet<string> { "userId" }));
        Assert.Equal(Shape.List(Schema.User), EndpointTable.Find("users/show")!.AnswerTo(new HashSet<string> { "userIds" }));
        Assert.Equal(Shape.Any, EndpointTable.Find("meta")!.Answer);
    }

    [Fact]
    public void What_nobody_knows_is_unknown()
    {
        Assert.Null(EndpointTable.Find("some/new-endpoint"));
        Assert.Null(EndpointTable.PermissionOf("some/new-endpoint"));
        Assert.Null(EndpointTable.LimitOf("some/new-endpoint"));
        Assert.Null(EndpointTable.LimitOf("notes/show"));
    }

    /// <summary>Else an account runs into the server's refusal before it runs into its own budget.</summary>
    [Theory]
    [InlineData("notes/create")]
    [InlineData("following/create")]
    [InlineData("notes/favorites/create")]
    [InlineData("clips/add-note")]
    [InlineData("mute/create")]
    [InlineData("renote-mute/create")]
    [InlineData("blocking/create")]
    [InlineData("users/lists/push")]
    public void Budgets_stay_below_what_the_server_allows(string endpoint)
    {
        var budget = new Defaults().Budgets[EndpointTraits.BudgetOf(endpoint)!];

        var limit = EndpointTable.LimitOf(endpoint)!.Value;

        Assert.True(budget.Max * limit.Within.TotalSeconds < limit.Calls * budget.Within.TotalSeconds, endpoint);
    }
}

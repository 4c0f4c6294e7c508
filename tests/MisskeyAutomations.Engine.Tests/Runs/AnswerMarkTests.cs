using System.Text.Json;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Expressions;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.Tests.Runs;

/// <summary>What is remembered about the privacy of a step's answer.</summary>
public sealed class AnswerMarkTests
{
    [Theory]
    [InlineData("""[{"id":"n1","text":"a secret","visibility":"specified"}]""", ParameterType.Endpoint, true)]
    [InlineData("""{"note":{"id":"n1","visibility":"public","reply":{"visibility":"followers"}}}""", ParameterType.Endpoint, true)]
    [InlineData("""[{"id":"m1","text":"a chat","toUserId":"u1","toRoomId":null}]""", ParameterType.Endpoint, true)]
    [InlineData("""[{"id":"n1","text":"for all","visibility":"public"}]""", ParameterType.Endpoint, false)]
    [InlineData("""{"id":"n1","text":"of the rule itself","visibility":"home"}""", ParameterType.Text, false)]
    public void What_an_endpoint_of_the_rules_choice_tells_of_private_notes_is_private(string answer, ParameterType main, bool isPrivate)
    {
        var action = new ActionDescriptor { Name = "x", Doc = "x", Main = main, Options = [], Repeat = Repeat.Never };
        var happening = EventReader.Read(JsonElement.Parse("""{"type":"followed","body":{"user":{"id":"u1"}}}"""), "main", DateTimeOffset.UnixEpoch);

        Assert.Equal(isPrivate ? ValueMarks.Private | ValueMarks.Foreign : ValueMarks.None, EventScope.MarksOf(happening, action, JsonElement.Parse(answer)));
    }
}

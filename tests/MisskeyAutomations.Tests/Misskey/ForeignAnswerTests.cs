using System.Text.Json;
using MisskeyAutomations.BuiltInActions;
using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Events;
using MisskeyAutomations.Engine.Runs;
using MisskeyAutomations.Misskey;

namespace MisskeyAutomations.Tests.Misskey;

/// <summary>
/// Whatever answers in Misskey's place, everything of ours that asks comes to an outcome. <c>MKA_SEED</c> makes other answers,
/// <c>MKA_ANSWERS</c> more of them.
/// </summary>
public sealed class ForeignAnswerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_answer_throws_and_none_that_is_not_a_success_is_taken_for_one()
    {
        var (seed, more) = (Numbers.Of("MKA_SEED") ?? 1, Numbers.Of("MKA_ANSWERS") ?? 250);
        var recorded = (await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Misskey", "Recorded", "answers.jsonl"), TestContext.Current.CancellationToken))
            .Select(line => JsonElement.Parse(line).GetProperty("response").GetRawText()).Where(body => body is not "null").ToArray();
        var answers = AnswerCorpus.Make(seed, more, recorded).ToArray();
        output.WriteLine($"MKA_SEED={seed} MKA_ANSWERS={more}: {answers.Length} answers");

        await Parallel.ForEachAsync(answers.Index(), TestContext.Current.CancellationToken, async (entry, _) =>
        {
            try
            {
                await MeetAsync(entry.Item);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"MKA_SEED={seed}, answer {entry.Index}: {entry.Item}", fault);
            }
        });
    }

    private static async Task MeetAsync(ForeignAnswer answer)
    {
        var bytes = answer.ToBytes();
        await using var server = RawServer.Start(async (_, client) =>
        {
            await client.SendAsync(bytes);
            client.Close();
        });
        var outcome = await WithRigAsync(server, rig => rig.SendAsync());
        Assert.Matches(@"^[\p{Lu}""@]\P{C}*$", Reasons.Of(outcome));
        Assert.True(outcome is not ActionOutcome.NotSent, outcome.ToString());
        Assert.True(outcome is not ActionOutcome.Done { Already: false } || (answer.Status is >= 200 and < 300 && !answer.IsCut), outcome.ToString());

        foreach (var kind in Enum.GetValues<LookupKind>().Where(kind => kind.Endpoint is not null))
        {
            await WithRigAsync(server, rig => rig.Get<ILookups>().AskAsync("main", new Lookup(kind, "k1"), TestContext.Current.CancellationToken));
        }

        await WithRigAsync(server, async rig =>
        {
            await rig.Get<MisskeyAccountCheck>().CheckAsync("main", 0, TestContext.Current.CancellationToken);
            Assert.InRange(rig.Get<MisskeyAccountCheck>()["main"].MaxNoteLength, 1, int.MaxValue);
            return await rig.Get<MutedPeopleSync>().SyncAsync("main", 0, TestContext.Current.CancellationToken);
        });
        await WithRigAsync(server, rig => new TokenProbe(rig.Get<MisskeySender>(), TimeProvider.System).AskAsync("main", "write:notes", TestContext.Current.CancellationToken));
        foreach (var body in (string[])["""{"text":"a"}""", """{"text":"a","replyId":"n"}""", """{"renoteId":"n"}"""])
        {
            var search = new Search
            {
                Intent = new Intent { Action = "note", Endpoint = "notes/create", Body = body, Summary = "" },
                Account = "main",
                MeId = "u1",
                Since = DateTimeOffset.FromUnixTimeSeconds(1_799_999_000),
                MustProve = true,
            };
            Task<Sighting> LookAsync(MisskeyRig rig) => rig.Get<MisskeySender>().LookForNoteAsync(search, TestContext.Current.CancellationToken);
            await WithRigAsync(server, LookAsync);
        }
    }

    // A breaker, a pause or a rest of the former question would answer the next.
    private static async Task<T> WithRigAsync<T>(RawServer server, Func<MisskeyRig, Task<T>> ask)
    {
        await using var rig = new MisskeyRig(server.Address);
        var asking = ask(rig);
        await Task.WhenAny(asking, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, TestContext.Current.CancellationToken));
        while (!asking.IsCompleted)
        {
            // Whoever is told that the server is at work asks again in a while.
            await rig.PassAsync(TimeSpan.FromSeconds(2));
        }

        return await asking;
    }
}

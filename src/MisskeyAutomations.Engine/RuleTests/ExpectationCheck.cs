using MisskeyAutomations.Engine.Actions;
using MisskeyAutomations.Engine.Diagnostics;
using MisskeyAutomations.Engine.Runs;

namespace MisskeyAutomations.Engine.RuleTests;

/// <summary>A step that acted in a test.</summary>
/// <param name="Intent">Its request.</param>
/// <param name="After">How long after its event.</param>
public sealed record ActedStep(Intent Intent, TimeSpan After);

/// <summary>Holds what happened against what was expected of one rule.</summary>
/// <param name="Expectation">What was expected.</param>
/// <param name="Acted">What it did, in order.</param>
/// <param name="Verdict">The last answer of its gates; null where no event concerned it.</param>
internal sealed record ExpectationCheck(Expectation Expectation, IReadOnlyList<ActedStep> Acted, Verdict? Verdict)
{
    private const int Shown = 120;
    private const int OtherKind = 3;

    /// <summary>What is otherwise; empty when it is as expected.</summary>
    public IEnumerable<RuleTestFailure> Failures() => Expectation switch
    {
        Expectation.Acts acts => CheckSteps(acts),
        Expectation.IsSkipped skipped => CheckSkipped(skipped) is { } sentence ? [Fails(sentence)] : [],
        _ => Acted.Count == 0 ? [] : [Fails($"{Expectation.Rule}: expected nothing, but it did {Deeds}")],
    };

    /// <summary>The expected steps beside those taken; empty where it says nothing of steps.</summary>
    public IReadOnlyList<AlignedStep> Steps() => Expectation is not Expectation.Acts acts ? [] :
    [
        .. Align(acts).Select(pair => new AlignedStep(
            pair.Expected is { } expected ? acts.Steps[expected].ToString() : null, pair.Taken is { } taken ? Acted[taken].Intent.Summary : null,
            pair is ({ } one, { } other) && StepCheck.Difference(acts.Steps[one], Acted[other]) is null)),
    ];

    private IEnumerable<RuleTestFailure> CheckSteps(Expectation.Acts acts)
    {
        if (Acted.Count == 0 && acts.Steps.Count > 0)
        {
            yield return Fails($"{acts.Rule}: expected {Count(acts.Steps.Count)}, but it did nothing{Why(Verdict)}");
            yield break;
        }

        foreach (var (expected, taken) in Align(acts))
        {
            if (expected is not { } number)
            {
                yield return Fails($"{acts.Rule}: not expected: {ShownText.Fit(Acted[taken!.Value].Intent.Summary, Shown)}");
            }
            else if (taken is not { } step)
            {
                yield return new(acts.Rule, acts.Steps[number].Span, $"{acts.Rule}, step {number + 1}: expected {ShownText.Fit(acts.Steps[number].ToString(), Shown)}, but it was not taken");
            }
            else if (StepCheck.Difference(acts.Steps[number], Acted[step]) is { } difference)
            {
                yield return new(acts.Rule, difference.Span, $"{acts.Rule}, step {number + 1}: {difference.Sentence}") { Texts = difference.Texts };
            }
        }
    }

    private IReadOnlyList<(int? Expected, int? Taken)> Align(Expectation.Acts acts) => StepAlignment.Of(acts.Steps.Count, Acted.Count, (expected, taken) =>
        acts.Steps[expected].Action != Acted[taken].Intent.Action ? OtherKind : StepCheck.Difference(acts.Steps[expected], Acted[taken]) is null ? 0 : 1);

    private Phrase? CheckSkipped(Expectation.IsSkipped skipped)
    {
        if (Acted.Count > 0)
        {
            return $"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but it did {Deeds}";
        }

        if (Verdict?.Gate != skipped.Gate)
        {
            return Verdict switch
            {
                null => Phrase.Of($"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but no event started it"),
                { Gate: { } gate, Because: { } because } => Phrase.Of($"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but it was skipped by '{gate}' ({because})"),
                { Gate: { } gate } => Phrase.Of($"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but it was skipped by '{gate}'"),
                _ => Phrase.Of($"{skipped.Rule}: expected to be skipped by '{skipped.Gate}', but no gate stopped it"),
            };
        }

        return skipped.Because is { } wanted && Verdict.Because?.Contains(wanted, StringComparison.Ordinal) != true
            ? Phrase.Of($"{skipped.Rule}: expected to be skipped because of `{wanted}`, but it was because of `{Verdict.Because}`") : null;
    }

    private RuleTestFailure Fails(Phrase sentence) => new(Expectation.Rule, Expectation.Span, sentence);

    private string Deeds => ShownText.Fit(string.Join("; ", Acted.Select(step => step.Intent.Summary)), Shown);

    private static Phrase Count(int steps) => steps == 1 ? Phrase.Of($"{steps} step") : Phrase.Of($"{steps} steps");

    private static Phrase Why(Verdict? verdict) => verdict switch
    {
        null => Phrase.Of(": no event started it"),
        { Gate: { } gate, Because: { } because } => Phrase.Of($": skipped by '{gate}' ({because})"),
        { Gate: { } gate } => Phrase.Of($": skipped by '{gate}'"),
        { Because: { } reason } => Phrase.Of($": {reason}"),
        _ => Phrase.Of($""),
    };
}

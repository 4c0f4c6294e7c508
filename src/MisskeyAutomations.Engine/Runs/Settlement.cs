namespace MisskeyAutomations.Engine.Runs;

/// <summary>What a person decides about a step that was sent and never confirmed.</summary>
public enum Settlement
{
    /// <summary>It is there: the step is done, and the run goes on.</summary>
    There,

    /// <summary>It is not there: it is sent again.</summary>
    Again,

    /// <summary>It is left as it is: the step is skipped, and the run goes on.</summary>
    Drop,
}

/// <summary>What becomes of a step by it.</summary>
public static class Settlements
{
    extension(Step step)
    {
        /// <summary>The step as it stands then. Its effect counts as before: whether it was really there is told to nobody but the person.</summary>
        public Step Settle(Settlement settlement, DateTimeOffset now) => settlement switch
        {
            Settlement.There => step with { State = StepState.Done, Reason = RunReasons.FoundByPerson, At = now },
            Settlement.Again => step with { State = StepState.Pending, Reason = null, At = now },
            Settlement.Drop => step with { State = StepState.Skipped, Reason = RunReasons.GivenUpByPerson, At = now },
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }
}

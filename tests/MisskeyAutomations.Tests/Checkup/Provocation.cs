using MisskeyAutomations.Checkup;

namespace MisskeyAutomations.Tests.Checkup;

/// <summary>Something that is brought about, and what <c>doctor</c> makes of it.</summary>
/// <param name="Check">What is looked at.</param>
/// <param name="Mark">How it stands then.</param>
/// <param name="Tells">A part of the sentence that no other has.</param>
/// <param name="BringAsync">Brings it about, whatever had been before.</param>
internal sealed record Provocation(string Check, Mark Mark, string Tells, Func<Patient, Task> BringAsync)
{
    /// <summary>The same for what is brought about at once.</summary>
    public static Provocation Of(string check, Mark mark, string tells, Action<Patient> bring) => new(check, mark, tells, patient =>
    {
        bring(patient);
        return Task.CompletedTask;
    });
}

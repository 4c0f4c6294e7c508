namespace MisskeyAutomations.Engine.Tests.Expressions;

public sealed class ExpressionCaseTests
{
    /// <summary>The case files, and how their cases are asked.</summary>
    internal static readonly (string File, Func<string, string> Ask)[] Files =
    [
        ("values", CaseFile.Evaluate),
        ("precedence", CaseFile.Evaluate),
        ("functions", CaseFile.Evaluate),
        ("unicode", CaseFile.Evaluate),
        ("lookups", CaseFile.Evaluate),
        ("language", CaseFile.Evaluate),
        ("errors", CaseFile.Evaluate),
        ("conditions", CaseFile.EvaluateCondition),
        ("templates", CaseFile.Render),
        ("formats", CaseFile.Format),
    ];

    public static TheoryData<string, int, string, string> Cases => Rows();

    [Fact]
    public void There_are_more_than_1200_cases_of_different_expressions() =>
        Assert.InRange(Files.Sum(one => Read(one.File).DistinctBy(row => row.Expression).Count()), 1_200, 10_000);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Expression_gives_what_its_case_says(string file, int line, string expression, string expected)
    {
        var told = Files.Single(one => one.File == file).Ask(expression);

        Assert.True(told == expected, $"{file}.cases:{line}: {expression}\nexpected {expected}\nbut was  {told}");
    }

    internal static IEnumerable<(int Line, string Expression, string Expected)> Read(string file) =>
        CaseFile.Read($"MisskeyAutomations.Engine.Tests.Expressions.Cases.{file}.cases");

    private static TheoryData<string, int, string, string> Rows()
    {
        var rows = new TheoryData<string, int, string, string>();
        foreach (var (file, _) in Files)
        {
            foreach (var (line, expression, expected) in Read(file))
            {
                rows.Add(file, line, expression, expected);
            }
        }

        return rows;
    }
}

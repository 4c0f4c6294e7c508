namespace MisskeyAutomations.Engine.Tests.Expressions;

public sealed class ExpressionCaseTests
{
    public static TheoryData<string, int, string, string> Values => Rows("values", "precedence", "functions", "unicode", "lookups");

    public static TheoryData<string, int, string, string> Errors => Rows("errors");

    public static TheoryData<string, int, string, string> Conditions => Rows("conditions");

    public static TheoryData<string, int, string, string> Templates => Rows("templates");

    [Theory]
    [MemberData(nameof(Values))]
    public void Expression_gives_what_its_case_says(string file, int line, string expression, string expected)
    {
        var told = CaseFile.Evaluate(expression);

        Assert.True(told == expected, $"{file}.cases:{line}: {expression}\nexpected {expected}\nbut was  {told}");
    }

    [Theory]
    [MemberData(nameof(Errors))]
    public void Mistake_is_found_at_its_place_with_its_hint(string file, int line, string expression, string expected)
    {
        var told = CaseFile.Evaluate(expression);

        Assert.True(told == expected, $"{file}.cases:{line}: {expression}\nexpected {expected}\nbut was  {told}");
    }

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Condition_is_checked_to_be_one(string file, int line, string expression, string expected)
    {
        var told = CaseFile.EvaluateCondition(expression);

        Assert.True(told == expected, $"{file}.cases:{line}: {expression}\nexpected {expected}\nbut was  {told}");
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void Template_posts_what_its_case_says(string file, int line, string template, string expected)
    {
        var told = CaseFile.Render(template);

        Assert.True(told == expected, $"{file}.cases:{line}: {template}\nexpected {expected}\nbut was  {told}");
    }

    private static TheoryData<string, int, string, string> Rows(params ReadOnlySpan<string> files)
    {
        var rows = new TheoryData<string, int, string, string>();
        foreach (var file in files)
        {
            foreach (var (line, expression, expected) in CaseFile.Read($"MisskeyAutomations.Engine.Tests.Expressions.Cases.{file}.cases"))
            {
                rows.Add(file, line, expression, expected);
            }
        }

        return rows;
    }
}

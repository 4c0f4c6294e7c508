using System.Diagnostics.CodeAnalysis;
using MisskeyAutomations.Engine.Diagnostics;

namespace MisskeyAutomations.Api;

/// <summary>A request that cannot be answered as it is: why, and what to do about it.</summary>
/// <param name="status">The status of the answer.</param>
/// <param name="code">A word for programs, which stays.</param>
/// <param name="detail">A sentence for people.</param>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "None of them would say what to do.")]
internal sealed class ApiRefusal(int status, string code, Phrase detail) : Exception(detail.ToString())
{
    public int Status => status;

    public string Code => code;

    public Phrase Detail => detail;

    /// <summary>What was asked for is not there.</summary>
    public static ApiRefusal NotFound(string code, Phrase detail) => new(StatusCodes.Status404NotFound, code, detail);

    /// <summary>What was asked is wrong.</summary>
    public static ApiRefusal Wrong(string code, Phrase detail) => new(StatusCodes.Status400BadRequest, code, detail);

    /// <summary>It cannot be done as things stand.</summary>
    public static ApiRefusal Conflict(string code, Phrase detail) => new(StatusCodes.Status409Conflict, code, detail);

    /// <summary>The answer: <c>application/problem+json</c>.</summary>
    public IResult ToResult(HttpRequest request) => Results.Problem(
        statusCode: status, detail: detail.In(LanguageOf(request)), extensions: new Dictionary<string, object?>(StringComparer.Ordinal) { ["code"] = code });

    /// <summary>The language that a request asks for; English unless it does.</summary>
    public static Translation LanguageOf(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .OrderByDescending(language => language.Quality ?? 1)
        .Select(language => Translation.Find(language.Value.ToString())).OfType<Translation>().FirstOrDefault() ?? Translation.English;
}

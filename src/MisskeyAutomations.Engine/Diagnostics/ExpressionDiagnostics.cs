namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>The table of what can be wrong with an expression or a template: MKA1201 to MKA1299.</summary>
public static class ExpressionDiagnostics
{
    /// <summary>A name that is no variable of the rule's events and no named value.</summary>
    public static readonly DiagnosticDescriptor UnknownVariable = Error("MKA1201", "there is no variable '{0}' here");

    /// <summary>A call of a function that is not in the table.</summary>
    public static readonly DiagnosticDescriptor UnknownFunction = Error("MKA1202", "there is no function '{0}'");

    /// <summary>A property that the value cannot have.</summary>
    public static readonly DiagnosticDescriptor UnknownProperty = Error("MKA1203", "'{0}' has no property '{1}'");

    /// <summary>Too few or too many arguments.</summary>
    public static readonly DiagnosticDescriptor ArgumentCount = Error("MKA1204", "{0} takes {1}, not {2}");

    /// <summary>An argument of the wrong type.</summary>
    public static readonly DiagnosticDescriptor ArgumentType = Error("MKA1205", "{0} needs {1} as '{2}', and this is {3}");

    /// <summary>A comparison that can never be meant.</summary>
    public static readonly DiagnosticDescriptor Incomparable = Error("MKA1206", "{0} cannot be compared with {1}");

    /// <summary>An operator on values that it does not take.</summary>
    public static readonly DiagnosticDescriptor OperandType = Error("MKA1207", "'{0}' needs {1}, and this is {2}");

    /// <summary>A condition that is neither true nor false.</summary>
    public static readonly DiagnosticDescriptor NotACondition = Error("MKA1208", "a condition is true or false, and this is {0}");

    /// <summary>A list that no rule file defines.</summary>
    public static readonly DiagnosticDescriptor UnknownList = Error("MKA1209", "there is no list '{0}'");

    /// <summary>Nothing was written.</summary>
    public static readonly DiagnosticDescriptor Empty = Error("MKA1210", "the expression is empty");

    /// <summary>More characters than an expression may have.</summary>
    public static readonly DiagnosticDescriptor TooLong = Error("MKA1211", "an expression has at most {0} characters, this one has {1}");

    /// <summary>More words and signs than an expression may have.</summary>
    public static readonly DiagnosticDescriptor TooManyTokens = Error("MKA1212", "an expression has at most {0} words and signs");

    /// <summary>Deeper nesting than an expression may have.</summary>
    public static readonly DiagnosticDescriptor TooDeep = Error("MKA1213", "an expression nests at most {0} levels deep");

    /// <summary>A text without its closing quote.</summary>
    public static readonly DiagnosticDescriptor UnclosedText = Error("MKA1214", "the text that begins here has no closing {0}");

    /// <summary>A regular expression without its closing slash.</summary>
    public static readonly DiagnosticDescriptor UnclosedRegex = Error("MKA1215", "the regular expression that begins here has no closing '/'");

    /// <summary>A flag that regular expressions do not have here.</summary>
    public static readonly DiagnosticDescriptor RegexFlag = Error("MKA1216", "a regular expression has no flag '{0}' here, only 'i'");

    /// <summary>A regular expression that is not well formed.</summary>
    public static readonly DiagnosticDescriptor RegexInvalid = Error("MKA1217", "the regular expression is not well formed: {0}");

    /// <summary>Look-around, a back-reference or another construct that has no linear-time meaning.</summary>
    public static readonly DiagnosticDescriptor RegexRefused = Error("MKA1218", "{0} is not available in regular expressions here, which run in linear time");

    /// <summary>A regular expression of more characters than allowed.</summary>
    public static readonly DiagnosticDescriptor RegexTooLong = Error("MKA1219", "a regular expression has at most {0} characters, this one has {1}");

    /// <summary>A sign that means nothing in an expression.</summary>
    public static readonly DiagnosticDescriptor UnexpectedCharacter = Error("MKA1220", "'{0}' means nothing in an expression");

    /// <summary>Punctuation, digits or letters of the full-width forms.</summary>
    public static readonly DiagnosticDescriptor FullWidth = Error("MKA1221", "full-width {0}");

    /// <summary>A duration with a unit that does not exist.</summary>
    public static readonly DiagnosticDescriptor UnknownUnit = Error("MKA1222", "'{0}' is neither a number nor a duration");

    /// <summary>A bit operator.</summary>
    public static readonly DiagnosticDescriptor BitOperator = Error("MKA1223", "there is no bit operator '{0}'");

    /// <summary>An operator of other languages.</summary>
    public static readonly DiagnosticDescriptor UnknownOperator = Error("MKA1224", "there is no operator '{0}'");

    /// <summary>An operator without one of its values.</summary>
    public static readonly DiagnosticDescriptor MissingValue = Error("MKA1225", "a value is missing {0}");

    /// <summary>Two values side by side.</summary>
    public static readonly DiagnosticDescriptor MissingOperator = Error("MKA1226", "an operator is missing before {0}");

    /// <summary>A bracket that is never closed.</summary>
    public static readonly DiagnosticDescriptor Unclosed = Error("MKA1227", "'{0}' is never closed");

    /// <summary>A closing bracket without its opening one.</summary>
    public static readonly DiagnosticDescriptor Unopened = Error("MKA1228", "'{0}' closes nothing");

    /// <summary>Half of <c>a ? b : c</c>.</summary>
    public static readonly DiagnosticDescriptor Conditional = Error("MKA1229", "'{0}' without '{1}'");

    /// <summary>A property in brackets.</summary>
    public static readonly DiagnosticDescriptor BracketProperty = Error("MKA1230", "brackets take a position, not a name");

    /// <summary><c>in</c> with something that is no list.</summary>
    public static readonly DiagnosticDescriptor InNeedsList = Error("MKA1231", "'in' looks for an entry of a list, and {0} is {1}");

    /// <summary>A name with a hyphen, which reads as a subtraction.</summary>
    public static readonly DiagnosticDescriptor Hyphen = Error("MKA1232", "'{0}' is a subtraction: names have letters, digits and '_' only");

    /// <summary><c>it</c> outside of a condition on list entries.</summary>
    public static readonly DiagnosticDescriptor ItOutside = Error("MKA1233", "'it' is the entry in conditions of first, last, count, any and all, and there is none here");

    /// <summary>A regular expression where none is taken.</summary>
    public static readonly DiagnosticDescriptor RegexMisplaced = Error("MKA1234", "a regular expression stands only in matches, capture, replace and split");

    /// <summary>A pattern that the leading mention hides.</summary>
    public static readonly DiagnosticDescriptor BeginsWithMention = Warning("MKA1235", "the text of a mention begins with the mention, so '{0}' finds nothing else");

    /// <summary>A written value that its function cannot take.</summary>
    public static readonly DiagnosticDescriptor ArgumentValue = Error("MKA1236", "{0}");

    /// <summary>What the operator grammar refused although everything above was in order.</summary>
    public static readonly DiagnosticDescriptor NotUnderstood = Error("MKA1237", "these operators do not fit together");

    /// <summary>A position that is used as a name, or a name that is used as a call.</summary>
    public static readonly DiagnosticDescriptor MissingName = Error("MKA1238", "a name is missing after '.'");

    /// <summary>A hole without its closing brace.</summary>
    public static readonly DiagnosticDescriptor UnclosedHole = Error("MKA1250", "'${{' has no closing '}}'");

    /// <summary>A hole of other template languages, or one that an input method made full-width.</summary>
    public static readonly DiagnosticDescriptor ForeignHole = Warning("MKA1251", "'{0}' is text here and is posted as it stands");

    /// <summary>A mention that is broken on purpose.</summary>
    public static readonly DiagnosticDescriptor NeutralisedMention = Warning("MKA1252", "'@' before '${{…}}' pings nobody");

    /// <summary>A whole user, note or other object in a text for people.</summary>
    public static readonly DiagnosticDescriptor ObjectInText = Warning("MKA1253", "'{0}' is {1} as a whole, which would be posted as JSON");

    /// <summary>A secret where its value could be seen, compared or passed on.</summary>
    public static readonly DiagnosticDescriptor SecretMisplaced = Error("MKA1260", "a secret cannot stand here");

    /// <summary>A name that no secret can have.</summary>
    public static readonly DiagnosticDescriptor SecretName = Error("MKA1261", "'{0}' cannot be the name of a secret");

    private static DiagnosticDescriptor Error(string code, string message) => new(code, Severity.Error, message);

    private static DiagnosticDescriptor Warning(string code, string message) => new(code, Severity.Warning, message);
}

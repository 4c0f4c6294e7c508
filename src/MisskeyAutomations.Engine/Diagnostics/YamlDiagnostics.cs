namespace MisskeyAutomations.Engine.Diagnostics;

/// <summary>Findings about a rule file as YAML, before any of it is taken for a rule: <c>MKA10xx</c>.</summary>
public static class YamlDiagnostics
{
    /// <summary>What every error says that makes the rest of its file unreadable.</summary>
    public const string Hides = "a YAML error hides what follows it in this file";

    /// <summary>One file holds more than a person would write by hand.</summary>
    public static readonly DiagnosticDescriptor FileTooLarge = new("MKA1001", Severity.Error, "the file has {0} bytes; {1} are allowed");

    /// <summary>All files together hold more than is read.</summary>
    public static readonly DiagnosticDescriptor SetTooLarge = new("MKA1002", Severity.Error, "all rule files together have more than {0} bytes; this one and those after it are not read");

    /// <summary>Lists and mappings are nested beyond any rule's need.</summary>
    public static readonly DiagnosticDescriptor TooDeep = new("MKA1003", Severity.Error, "nested more than {0} levels deep");

    /// <summary>The file has more values than any rule's need.</summary>
    public static readonly DiagnosticDescriptor TooManyValues = new("MKA1004", Severity.Error, "more than {0} values in one file");

    /// <summary>A character that editors do not show and YAML takes for something else.</summary>
    public static readonly DiagnosticDescriptor InvisibleCharacter = new("MKA1005", Severity.Error, "invisible character U+{0}");

    /// <summary>Not YAML, for a reason that has no row of its own.</summary>
    public static readonly DiagnosticDescriptor NotYaml = new("MKA1006", Severity.Error, "this is not valid YAML: {0}");

    /// <summary>A line is indented with a tab.</summary>
    public static readonly DiagnosticDescriptor Tab = new("MKA1007", Severity.Error, "a tab in the indentation");

    /// <summary>An unquoted value holds a colon and a space, which YAML reads as key and value.</summary>
    public static readonly DiagnosticDescriptor ColonInText = new("MKA1008", Severity.Error, "this ':' makes a key of the unquoted text before it");

    /// <summary>A value goes on after its closing quote or bracket.</summary>
    public static readonly DiagnosticDescriptor TextAfterEnd = new("MKA1009", Severity.Error, "the value ended at its closing {0}, but more text follows");

    /// <summary>An unquoted value begins with a character that YAML keeps for itself.</summary>
    public static readonly DiagnosticDescriptor ReservedStart = new("MKA1010", Severity.Error, "unquoted text cannot begin with '{0}'");

    /// <summary>A quote or bracket is never closed.</summary>
    public static readonly DiagnosticDescriptor Unclosed = new("MKA1011", Severity.Error, "this {0} is never closed");

    /// <summary>A backslash that double quotes do not know.</summary>
    public static readonly DiagnosticDescriptor UnknownEscape = new("MKA1012", Severity.Error, "'{0}' means nothing inside double quotes");

    /// <summary>Text stands directly behind <c>|</c> or <c>&gt;</c>.</summary>
    public static readonly DiagnosticDescriptor TextAfterBlockMark = new("MKA1013", Severity.Error, "'{0}' opens a text block, whose text begins on the next line");

    /// <summary>A line fits no list or mapping above it.</summary>
    public static readonly DiagnosticDescriptor Indentation = new("MKA1014", Severity.Error, "this line's indentation fits nothing above it");

    /// <summary>A hole stands unquoted inside <c>{ … }</c> or <c>[ … ]</c>.</summary>
    public static readonly DiagnosticDescriptor HoleInFlow = new("MKA1015", Severity.Error, "${{…}} cannot stand unquoted inside {{ … }} or [ … ]");

    /// <summary>Double braces, as other template languages write holes.</summary>
    public static readonly DiagnosticDescriptor DoubleBraces = new("MKA1016", Severity.Error, "YAML reads '{{{{' as two mappings");

    /// <summary>A full-width character stands where YAML needs the ASCII one.</summary>
    public static readonly DiagnosticDescriptor FullWidth = new("MKA1017", Severity.Error, "full-width {0} where YAML needs the ASCII one");

    /// <summary>An anchor.</summary>
    public static readonly DiagnosticDescriptor Anchor = new("MKA1018", Severity.Error, "anchors ('{0}') are not used in rules");

    /// <summary>An alias.</summary>
    public static readonly DiagnosticDescriptor Alias = new("MKA1019", Severity.Error, "YAML reads '{0}' as an alias; aliases are not used in rules");

    /// <summary>A merge key.</summary>
    public static readonly DiagnosticDescriptor MergeKey = new("MKA1020", Severity.Error, "merge keys ('<<') are not used in rules");

    /// <summary>A tag, which swallows the word after an exclamation mark.</summary>
    public static readonly DiagnosticDescriptor Tag = new("MKA1021", Severity.Error, "YAML reads '{0}' as a tag and drops it");

    /// <summary>A key stands twice in one mapping.</summary>
    public static readonly DiagnosticDescriptor DuplicateKey = new("MKA1022", Severity.Error, "'{0}' stands twice here");

    /// <summary>A key that is no text.</summary>
    public static readonly DiagnosticDescriptor KeyIsNoText = new("MKA1023", Severity.Error, "a key must be text, not {0}");

    /// <summary>A hash sign cuts an unquoted text short.</summary>
    public static readonly DiagnosticDescriptor SwallowedByComment = new("MKA1024", Severity.Error, "YAML reads '{0}' as a comment and drops it");

    /// <summary>A key is indented so that it continues the text above.</summary>
    public static readonly DiagnosticDescriptor ContinuesText = new("MKA1025", Severity.Error, "'{0}' is indented deeper than '{1}', so it continues its text");

    /// <summary>A line has no colon, or no space after it.</summary>
    public static readonly DiagnosticDescriptor NoColon = new("MKA1026", Severity.Error, "a key and its value are separated by ': '");

    /// <summary>A <c>%</c> directive of YAML.</summary>
    public static readonly DiagnosticDescriptor Directive = new("MKA1027", Severity.Error, "YAML directives are not used in rules");

    /// <summary>A list begins behind its key.</summary>
    public static readonly DiagnosticDescriptor ListBehindKey = new("MKA1028", Severity.Error, "a '- ' list cannot begin on the line of its key");

    /// <summary>Commas cut an unquoted text inside braces.</summary>
    public static readonly DiagnosticDescriptor CommaInFlow = new("MKA1029", Severity.Error, "inside {{ … }} a comma ends the value, so '{0}' became a key without one");

    /// <summary>The file cannot be read as a whole: no permission, a link that leads nowhere, no regular file.</summary>
    public static readonly DiagnosticDescriptor FileUnreadable = new("MKA1030", Severity.Error, "the file cannot be read: {0}");

    /// <summary>A no-break, thin or zero-width space in the structure, where YAML knows the ordinary one only.</summary>
    public static readonly DiagnosticDescriptor OddSpace = new("MKA1031", Severity.Error, "{0} where YAML needs an ordinary space or none");

    /// <summary>All rows, for the documentation and its tests.</summary>
    public static readonly IReadOnlyList<DiagnosticDescriptor> All =
    [
        FileTooLarge, SetTooLarge, TooDeep, TooManyValues, InvisibleCharacter, NotYaml, Tab, ColonInText, TextAfterEnd, ReservedStart,
        Unclosed, UnknownEscape, TextAfterBlockMark, Indentation, HoleInFlow, DoubleBraces, FullWidth, Anchor, Alias, MergeKey, Tag,
        DuplicateKey, KeyIsNoText, SwallowedByComment, ContinuesText, NoColon, Directive, ListBehindKey, CommaInFlow,
        FileUnreadable, OddSpace,
    ];
}

using System.Text;

namespace MisskeyAutomations.Engine.Expressions;

/// <summary>
/// One pass over a text of which every character knows its origin. The rules are those of mfm-js 0.26, Misskey's reader of MFM:
/// what it would take for a mention, hashtag, function or link is broken if any of its deciding characters is data. Literals of the
/// rule that data would lengthen (<c>@ali${x}</c>, <c>#tag${x}</c>) are broken too: they would mean somebody or something else.
/// </summary>
internal sealed class NeutralPass
{
    private const char ZeroWidthSpace = '\u200B';
    private const int AddressLength = 2_048;

    private readonly StringBuilder _text = new();
    private readonly List<bool> _isMarkup = [];
    private readonly StringBuilder _output = new();
    private readonly HashSet<int> _brokenHashtags = [];

    private NeutralPass(MarkedText text)
    {
        foreach (var (part, isMarkup) in text.Parts)
        {
            var taken = isMarkup ? part : Characters.Clean(part);
            _text.Append(taken);
            _isMarkup.AddRange(Enumerable.Repeat(isMarkup, taken.Length));
        }
    }

    /// <summary>The harmless text.</summary>
    public static string Run(MarkedText text)
    {
        var pass = new NeutralPass(text);
        var chars = pass._text.ToString();
        if (pass._isMarkup.Contains(false))
        {
            pass.Write(chars);
            chars = pass._output.ToString();
        }

        return Folding.Repair(chars);
    }

    private void Write(string text)
    {
        FindForeignHashtags(text);
        var stars = 0;
        for (var i = 0; i < text.Length; i++)
        {
            stars = text[i] == '*' ? stars + 1 : 0;
            if (stars == 3 && HasData(i - 2, i + 1))
            {
                // *** is a function of its own, the one that bounces.
                _output.Append(ZeroWidthSpace);
                stars = 1;
            }

            _output.Append(_brokenHashtags.Contains(i) ? '＃' : text[i]);
            if (NeedsBreak(text, i))
            {
                _output.Append(ZeroWidthSpace);
            }
        }
    }

    private bool NeedsBreak(string text, int i)
    {
        var next = i + 1 < text.Length ? text[i + 1] : '\0';
        return text[i] switch
        {
            '@' => IsForeignMention(text, i),
            '$' => next == '[' && (HasData(i, i + 2) || HasDataInName(text, i + 2)),
            ']' => next == '(' && HasData(i, i + 2),
            '?' => next == '[' && HasData(i, i + 2),
            '<' => next == '/' && HasData(i, i + 2),
            _ => false,
        };
    }

    private bool HasData(int start, int end)
    {
        for (var i = start; i < end && i < _isMarkup.Count; i++)
        {
            if (!_isMarkup[i])
            {
                return true;
            }
        }

        return false;
    }

    private bool HasDataInName(string text, int start)
    {
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
        {
            end++;
        }

        return HasData(start, end);
    }

    // mfm-js: @[a-z0-9_.-]+(@[a-z0-9_.-]+)?, unless a letter or digit stands before it.
    private bool IsForeignMention(string text, int at)
    {
        var end = EndOfName(text, at + 1);
        if (end == at + 1)
        {
            return false;
        }

        if (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))
        {
            return !_isMarkup[at] && FollowsMention(text, at);
        }

        if (end < text.Length && text[end] == '@' && _isMarkup[end] && EndOfName(text, end + 1) is var host && host > end + 1)
        {
            end = host;
        }

        return HasData(at, end) && !IsInAddress(text, at);
    }

    // @name of the rule, and now data would add a host to it.
    private bool FollowsMention(string text, int at)
    {
        var start = at;
        while (start > 0 && IsNameCharacter(text[start - 1]))
        {
            start--;
        }

        return start > 0 && text[start - 1] == '@' && _isMarkup[start - 1];
    }

    private static int EndOfName(string text, int start)
    {
        var end = start;
        while (end < text.Length && IsNameCharacter(text[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-';

    // From the end: a sign that becomes full-width is a character of hashtags and lengthens the one before it.
    private void FindForeignHashtags(string text)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            if (text[i] == '#' && IsForeignHashtag(text, i))
            {
                _brokenHashtags.Add(i);
            }
        }
    }

    // mfm-js: # and everything but white space and .,!?'"#:/[]【】()「」（）<>, where balanced brackets count as characters.
    private bool IsForeignHashtag(string text, int at)
    {
        if (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1]))
        {
            return false;
        }

        if (!_isMarkup[at])
        {
            return true;
        }

        var depth = 0;
        for (var i = at + 1; i < text.Length; i++)
        {
            var c = text[i];
            if (_brokenHashtags.Contains(i))
            {
                return true;
            }

            if (c is '(' or '[' or '「' or '（')
            {
                depth++;
            }
            else if (c is ')' or ']' or '」' or '）' && --depth < 0)
            {
                return false;
            }
            else if (c is not (')' or ']' or '」' or '）') && IsHashtagEnd(c))
            {
                return false;
            }

            if (!_isMarkup[i])
            {
                return !IsInAddress(text, at);
            }
        }

        return false;
    }

    private static bool IsHashtagEnd(char c) =>
        c is ' ' or '\u3000' or '\t' or '\n' or '\r' or '.' or ',' or '!' or '?' or '\'' or '"' or '#' or ':' or '/' or '【' or '】' or '<' or '>';

    // An address that the rule itself began, with white space before it, swallows '@' and '#': https://misskey.example/@${user.acct}
    private bool IsInAddress(string text, int at)
    {
        var start = at;
        while (start > 0 && at - start < AddressLength && _isMarkup[start - 1] && IsAddressCharacter(text[start - 1]))
        {
            start--;
        }

        var address = text.AsSpan(start, at - start);
        return (address.StartsWith("https://") || address.StartsWith("http://"))
            && (start == 0 || (_isMarkup[start - 1] && char.IsWhiteSpace(text[start - 1])));
    }

    private static bool IsAddressCharacter(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is '.' or ',' or '_' or '/' or ':' or '%' or '#' or '@' or '$' or '&' or '?' or '!' or '~' or '=' or '+' or '-';
}

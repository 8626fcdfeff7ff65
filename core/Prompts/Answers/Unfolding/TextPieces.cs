using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>
/// Cuts text, canonically escaped, into pieces of whole words: 32 to 64 bytes, a word and its leading space together as models
/// send them. Where there are no spaces (Chinese, base64) it cuts between two graphemes; escapes and UTF-8 sequences stay whole.
/// </summary>
internal static class TextPieces
{
    private const int Least = 32;
    private const int Most = 64;

    // A grapheme of more bytes than this may be cut between two of its code points.
    private const int LongestGrapheme = 64;

    /// <summary>Where the piece that begins at <paramref name="from"/> ends.</summary>
    public static int End(ReadOnlySpan<byte> text, int from)
    {
        if (text.Length - from <= Most) return text.Length;
        var space = text.Slice(from + Least, Most - Least + 1).IndexOf((byte)' ');
        return space >= 0 ? from + Least + space : from + Graphemes(text[from..]);
    }

    private static int Graphemes(ReadOnlySpan<byte> text)
    {
        Span<char> chars = stackalloc char[Most + LongestGrapheme];
        Utf8.ToUtf16(text[..Math.Min(text.Length, chars.Length)], chars, out _, out var count, replaceInvalidSequences: false, isFinalBlock: false);
        chars = chars[..count];
        var (at, end) = (0, 0);
        while (at < chars.Length)
        {
            var length = Next(chars[at..]);
            var bytes = Encoding.UTF8.GetByteCount(chars.Slice(at, length));
            if (end > 0 && end + bytes > Most) break;
            (at, end) = (at + length, end + bytes);
        }

        return end;
    }

    private static int Next(ReadOnlySpan<char> chars)
    {
        if (chars[0] == '\\') return Math.Min(chars.Length, chars.Length > 1 && chars[1] == 'u' ? 6 : 2);
        // Two ASCII characters in a row are two graphemes: only what is not ASCII can join what comes before.
        if (char.IsAscii(chars[0]) && (chars.Length == 1 || char.IsAscii(chars[1]))) return 1;
        var escape = chars.IndexOf('\\');
        return StringInfo.GetNextTextElementLength(escape < 0 ? chars : chars[..escape]);
    }
}

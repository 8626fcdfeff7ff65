using System.Buffers.Text;
using System.Text;

namespace OrleansCache.Core.Keys;

/// <summary>
/// One spelling for every JSON string, that of RFC 8785: raw UTF-8 but for <c>\"</c>, <c>\\</c>, the short escapes
/// <c>\b \t \n \f \r</c>, and <c>\u00xx</c> in lower case for the other control characters. Half a surrogate pair, which JSON
/// allows and UTF-8 cannot hold, stays <c>\udxxx</c> in lower case: distinct from every other string.
/// </summary>
internal static class CanonicalString
{
    /// <summary>Writes what stands between the quotes.</summary>
    /// <param name="raw">The token's bytes, valid JSON.</param>
    /// <param name="isEscaped">Whether they hold any escape.</param>
    /// <param name="output">Where to.</param>
    public static void Write(ReadOnlySpan<byte> raw, bool isEscaped, PooledList<byte> output)
    {
        while (isEscaped && raw.IndexOf((byte)'\\') is >= 0 and var at)
        {
            output.AddRange(raw[..at]);
            raw = raw[at..];
            raw = raw[WriteEscape(raw, output)..];
        }

        output.AddRange(raw);
    }

    /// <summary>Writes the escape at the start.</summary>
    /// <returns>How many bytes it took.</returns>
    private static int WriteEscape(ReadOnlySpan<byte> raw, PooledList<byte> output)
    {
        if (raw[1] == 'u')
        {
            var first = CodeUnit(raw);
            if (char.IsHighSurrogate(first) && raw[6..].StartsWith("\\u"u8)
                && CodeUnit(raw[6..]) is var second && char.IsLowSurrogate(second))
            {
                WriteRune(new Rune(first, second), output);
                return 12;
            }

            WriteUnit(first, output);
            return 6;
        }

        if (raw[1] == '/') output.Add((byte)'/');
        else output.AddRange(raw[..2]);
        return 2;
    }

    private static char CodeUnit(ReadOnlySpan<byte> escape)
    {
        _ = Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out _, 'x');
        return (char)unit;
    }

    private static void WriteUnit(char unit, PooledList<byte> output)
    {
        switch (unit)
        {
            case '"': output.AddRange("\\\""u8); break;
            case '\\': output.AddRange("\\\\"u8); break;
            case '\b': output.AddRange("\\b"u8); break;
            case '\t': output.AddRange("\\t"u8); break;
            case '\n': output.AddRange("\\n"u8); break;
            case '\f': output.AddRange("\\f"u8); break;
            case '\r': output.AddRange("\\r"u8); break;
            default:
                if (unit < ' ' || char.IsSurrogate(unit)) WriteHex(unit, output);
                else WriteRune(new Rune(unit), output);
                break;
        }
    }

    private static void WriteHex(char unit, PooledList<byte> output)
    {
        Span<byte> text = stackalloc byte[4];
        _ = Utf8Formatter.TryFormat(unit, text, out _, new('x', 4));
        output.AddRange("\\u"u8);
        output.AddRange(text);
    }

    private static void WriteRune(Rune rune, PooledList<byte> output)
    {
        Span<byte> text = stackalloc byte[4];
        output.AddRange(text[..rune.EncodeToUtf8(text)]);
    }
}

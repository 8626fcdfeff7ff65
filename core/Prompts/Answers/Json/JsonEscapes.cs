using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OrleansCache.Core.Prompts.Answers.Json;

/// <summary>
/// The inside of JSON strings, as bytes. The canonical form escapes only what must be: quote, backslash, control characters
/// (short where there is a short escape) and lone surrogates, which UTF-8 cannot hold. Input has been through a JSON reader.
/// </summary>
internal static class JsonEscapes
{
    private static readonly SearchValues<byte> MustEscape = SearchValues.Create([.. Enumerable.Range(0, 32).Select(i => (byte)i), (byte)'"', (byte)'\\']);

    /// <summary>Appends escaped text in canonical form.</summary>
    public static void AppendCanonical(ByteBuffer output, ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'\\'); at >= 0; at = text.IndexOf((byte)'\\'))
        {
            output.Append(text[..at]);
            text = text[at..];
            var length = Read(text, out var value);
            AppendEscaped(output, value);
            text = text[length..];
        }

        output.Append(text);
    }

    /// <summary>Appends the plain UTF-8 of escaped text; a lone surrogate becomes U+FFFD.</summary>
    public static void AppendUnescaped(ByteBuffer output, ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOf((byte)'\\'); at >= 0; at = text.IndexOf((byte)'\\'))
        {
            output.Append(text[..at]);
            text = text[at..];
            var length = Read(text, out var value);
            AppendRune(output, Rune.IsValid(value) ? new Rune(value) : Rune.ReplacementChar);
            text = text[length..];
        }

        output.Append(text);
    }

    /// <summary>Appends plain UTF-8 in canonical escaped form.</summary>
    public static void AppendPlain(ByteBuffer output, ReadOnlySpan<byte> plain)
    {
        for (var at = plain.IndexOfAny(MustEscape); at >= 0; at = plain.IndexOfAny(MustEscape))
        {
            output.Append(plain[..at]);
            AppendEscaped(output, plain[at]);
            plain = plain[(at + 1)..];
        }

        output.Append(plain);
    }

    private static int Read(ReadOnlySpan<byte> text, out int value)
    {
        value = text[1] switch
        {
            (byte)'b' => '\b',
            (byte)'t' => '\t',
            (byte)'n' => '\n',
            (byte)'f' => '\f',
            (byte)'r' => '\r',
            (byte)'u' => Unit(text),
            var other => other,
        };
        if (text[1] != 'u') return 2;
        if (value is < 0xD800 or > 0xDBFF || text.Length < 12 || text[6] != '\\' || text[7] != 'u') return 6;
        var low = Unit(text[6..]);
        if (low is < 0xDC00 or > 0xDFFF) return 6;
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        return 12;
    }

    private static int Unit(ReadOnlySpan<byte> escape) =>
        Utf8Parser.TryParse(escape.Slice(2, 4), out int unit, out _, 'x') ? unit : 0xFFFD;

    private static void AppendEscaped(ByteBuffer output, int value)
    {
        switch (value)
        {
            case '"': output.Append("\\\""u8); break;
            case '\\': output.Append("\\\\"u8); break;
            case '\b': output.Append("\\b"u8); break;
            case '\t': output.Append("\\t"u8); break;
            case '\n': output.Append("\\n"u8); break;
            case '\f': output.Append("\\f"u8); break;
            case '\r': output.Append("\\r"u8); break;
            case < 0x20 or (>= 0xD800 and <= 0xDFFF): AppendUnit(output, value); break;
            default: AppendRune(output, new Rune(value)); break;
        }
    }

    private static void AppendUnit(ByteBuffer output, int value)
    {
        Span<byte> hex = stackalloc byte[4];
        value.TryFormat(hex, out _, "x4", CultureInfo.InvariantCulture);
        output.Append("\\u"u8);
        output.Append(hex);
    }

    private static void AppendRune(ByteBuffer output, Rune rune)
    {
        Span<byte> utf8 = stackalloc byte[4];
        output.Append(utf8[..rune.EncodeToUtf8(utf8)]);
    }
}

using System.Buffers;
using System.Text;

namespace OrleansCache.Core.Keys;

/// <summary>Takes white space (as Unicode has it) off both ends of a string in the form of <see cref="CanonicalString"/>.</summary>
internal static class CanonicalTrim
{
    /// <summary>Trims what was written last.</summary>
    /// <param name="output">The text.</param>
    /// <param name="start">Where the string's first byte lies, after the quote; it reaches to the end.</param>
    public static void Apply(PooledList<byte> output, int start)
    {
        var text = output.Span[start..];
        var end = text.Length;
        while (end > 0 && TrailingSpace(text[..end]) is > 0 and var trailing) end -= trailing;
        var begin = 0;
        while (begin < end && LeadingSpace(text[begin..end]) is > 0 and var leading) begin += leading;
        text[begin..end].CopyTo(text);
        output.Truncate(start + end - begin);
    }

    private static int LeadingSpace(ReadOnlySpan<byte> text)
    {
        if (text[0] == '\\') return EscapedSpace(text);
        return Rune.DecodeFromUtf8(text, out var rune, out var length) == OperationStatus.Done && Rune.IsWhiteSpace(rune) ? length : 0;
    }

    private static int TrailingSpace(ReadOnlySpan<byte> text)
    {
        foreach (var length in (ReadOnlySpan<int>)[2, 6])
        {
            if (text.Length >= length && EscapedSpace(text[^length..]) == length && BackslashesBefore(text, length) % 2 == 0) return length;
        }

        return Rune.DecodeLastFromUtf8(text, out var rune, out var size) == OperationStatus.Done && Rune.IsWhiteSpace(rune) ? size : 0;
    }

    private static int EscapedSpace(ReadOnlySpan<byte> text)
    {
        if (text[0] != '\\') return 0;
        if (text[1] is (byte)'t' or (byte)'n' or (byte)'f' or (byte)'r') return 2;
        return text.StartsWith("\\u000b"u8) ? 6 : 0;
    }

    /// <summary>An odd number of backslashes before a backslash means that it is itself escaped.</summary>
    private static int BackslashesBefore(ReadOnlySpan<byte> text, int length)
    {
        var before = text[..^length];
        return before.Length - before.TrimEnd((byte)'\\').Length;
    }
}

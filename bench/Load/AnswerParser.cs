using System.Buffers.Text;

namespace OrleansCache.Bench.Load;

/// <summary>As little of HTTP/1.1 as finding the end of an answer takes: the head's end and its Content-Length.</summary>
internal static class AnswerParser
{
    private const string Length = "Content-Length: ";

    /// <summary>False while the head has not arrived whole.</summary>
    /// <param name="bytes">What arrived so far.</param>
    /// <param name="head">The head with its last line's end.</param>
    /// <param name="total">Bytes of head and body together.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> head, out int total)
    {
        head = default;
        total = 0;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) return false;
        head = bytes[..(end + 4)];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0 || !Utf8Parser.TryParse(head[(at + Length.Length)..], out int length, out _))
            throw new InvalidDataException($"An answer without a length: {System.Text.Encoding.ASCII.GetString(head)}");
        total = head.Length + length;
        return true;
    }
}

using System.Buffers;

namespace OrleansCache.Core.Prompts.Answers.Json;

/// <summary>Copies JSON without white space and with canonical strings; numbers keep their spelling. Input has been through a JSON reader.</summary>
internal static class JsonCompactor
{
    private static readonly SearchValues<byte> Stops = SearchValues.Create(" \t\r\n\""u8);

    public static void Append(ByteBuffer output, ReadOnlySpan<byte> json)
    {
        for (var at = json.IndexOfAny(Stops); at >= 0; at = json.IndexOfAny(Stops))
        {
            output.Append(json[..at]);
            var quoted = json[at] == '"';
            json = json[(at + 1)..];
            if (!quoted) continue;
            var length = TextLength(json);
            output.Append((byte)'"');
            JsonEscapes.AppendCanonical(output, json[..length]);
            output.Append((byte)'"');
            json = json[(length + 1)..];
        }

        output.Append(json);
    }

    /// <summary>The inside of a JSON string in canonical form; the same memory when it is already.</summary>
    public static ReadOnlyMemory<byte> Canonical(ReadOnlyMemory<byte> text)
    {
        if (!text.Span.Contains((byte)'\\')) return text;
        var output = new ByteBuffer(text.Length);
        JsonEscapes.AppendCanonical(output, text.Span);
        return output.ToArray();
    }

    private static int TextLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (true)
        {
            length += text[length..].IndexOfAny((byte)'"', (byte)'\\');
            if (text[length] == '"') return length;
            length += 2;
        }
    }
}

using System.Text.Json;
using System.Text.Unicode;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>Cuts text along the tokens of its logprobs, so that every chunk carries the logprobs of its own piece.</summary>
/// <param name="text">The text, canonically escaped.</param>
/// <param name="tokens">What the upstream reported for each token, in order.</param>
internal sealed class TokenPieces(ReadOnlyMemory<byte> text, List<ReadOnlyMemory<byte>> tokens)
{
    private readonly ByteBuffer _token = new();
    private readonly ByteBuffer _bytes = new();

    /// <summary>Tokens given out.</summary>
    public int Token { get; private set; }

    /// <summary>Bytes of text given out.</summary>
    public int Position { get; private set; }

    /// <summary>
    /// Gives out the next token, or the next few where a character is spread over several. False when tokens and text have parted:
    /// then the rest of both stays where it is.
    /// </summary>
    public bool Next()
    {
        Read(tokens[Token]);
        if (Advance(_token.Span, 1)) return true;
        _bytes.Truncate(0);
        for (var count = 1; Token + count <= tokens.Count; count++)
        {
            if (!AppendBytes(tokens[Token + count - 1])) return false;
            if (!Utf8.IsValid(_bytes.Span)) continue;
            _token.Truncate(0);
            JsonEscapes.AppendPlain(_token, _bytes.Span);
            return Advance(_token.Span, count);
        }

        return false;
    }

    private bool Advance(ReadOnlySpan<byte> piece, int count)
    {
        if (!text.Span[Position..].StartsWith(piece)) return false;
        Position += piece.Length;
        Token += count;
        return true;
    }

    // A legacy completion reports the token alone, a chat an object with the token in it.
    private void Read(ReadOnlyMemory<byte> token)
    {
        _token.Truncate(0);
        var cursor = new JsonCursor(token.Span);
        cursor.Read();
        if (cursor.Kind == JsonTokenType.StartObject && !Find(ref cursor, "token"u8)) return;
        if (cursor.Kind == JsonTokenType.String) JsonEscapes.AppendCanonical(_token, cursor.Text);
        else _token.Append("\0"u8);
    }

    private bool AppendBytes(ReadOnlyMemory<byte> token)
    {
        var cursor = new JsonCursor(token.Span);
        cursor.Read();
        if (cursor.Kind != JsonTokenType.StartObject || !Find(ref cursor, "bytes"u8) || cursor.Kind != JsonTokenType.StartArray) return false;
        while (cursor.ReadElement())
        {
            if (!cursor.TryGetInteger(out var value) || value is < 0 or > 255) return false;
            _bytes.Append((byte)value);
        }

        return true;
    }

    private static bool Find(ref JsonCursor cursor, ReadOnlySpan<byte> name)
    {
        while (cursor.ReadName())
        {
            var found = cursor.Name.SequenceEqual(name);
            cursor.Read();
            if (found) return true;
            cursor.Skip();
        }

        return false;
    }
}

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>Sends one text of a choice piece by piece.</summary>
/// <param name="writer">Where chunks are written.</param>
/// <param name="choice">The choice that the text belongs to.</param>
/// <param name="logprobs">The choice's logprobs.</param>
internal sealed class PieceWriter(ChunkWriter writer, ChoicePlan choice, LogprobsPlan logprobs)
{
    /// <summary>The chunks of a text.</summary>
    /// <param name="before">What stands in the chunk before a piece, with its opening quote.</param>
    /// <param name="text">The text in canonical form.</param>
    /// <param name="after">What stands after a piece, with its closing quote.</param>
    /// <param name="table">The token table that goes with the text, if there is one.</param>
    public IEnumerable<StreamPart> Write(byte[] before, ReadOnlyMemory<byte> text, byte[] after, TokenTable? table = null)
    {
        var position = 0;
        if (table is not null)
        {
            var pieces = new TokenPieces(text, table.Tokens);
            for (var matched = true; matched && pieces.Token < table.Tokens.Count;)
            {
                var (token, start) = (pieces.Token, pieces.Position);
                matched = pieces.Next();
                // When the tokens don't make up the text, the rest of them goes in one chunk, and the rest of the text as if there were none.
                yield return Piece(before, text[start..pieces.Position], after, table, token, matched ? pieces.Token : table.Tokens.Count);
            }

            position = pieces.Position;
        }

        while (position < text.Length)
        {
            var end = TextPieces.End(text.Span, position);
            yield return Piece(before, text[position..end], after);
            position = end;
        }
    }

    private StreamPart Piece(
        byte[] before, ReadOnlyMemory<byte> text, byte[] after, TokenTable? table = null, int fromToken = 0, int toToken = 0)
    {
        var chunk = writer.Begin(choice);
        chunk.Append(before);
        chunk.Append(text.Span);
        chunk.Append(after);
        if (table is not null) logprobs.WriteRows(chunk, table, fromToken, toToken);
        return writer.End(hasLogprobs: table is not null);
    }
}

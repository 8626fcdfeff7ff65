using System.Text.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>The chunks of one choice of a legacy completion.</summary>
internal static class TextUnfolding
{
    public static IEnumerable<StreamPart> Chunks(ChoicePlan choice, ChunkWriter writer)
    {
        var logprobs = LogprobsPlan.OfText(choice.Logprobs, choice.Text);
        if (choice.Text is { Kind: JsonTokenType.String } text)
        {
            var pieces = new PieceWriter(writer, choice, logprobs);
            foreach (var part in pieces.Write([.. ",\"text\":\""u8], text.Text(), [.. "\""u8], logprobs.TableOf(text)))
                yield return part;
        }

        yield return Last(choice, writer, logprobs);
    }

    private static StreamPart Last(ChoicePlan choice, ChunkWriter writer, LogprobsPlan logprobs)
    {
        var chunk = writer.Begin(choice);
        if (choice.Text is { Kind: JsonTokenType.String }) chunk.Append(",\"text\":\"\""u8);
        else choice.Text?.WriteTo(chunk);
        logprobs.WriteRest(chunk);
        return writer.EndLast();
    }
}

using System.Text.Json;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>The chunks of one choice of a chat.</summary>
internal static class ChatUnfolding
{
    public static IEnumerable<StreamPart> Chunks(ChoicePlan choice, ChunkWriter writer)
    {
        var message = MessagePlan.Of(choice.Message);
        var logprobs = LogprobsPlan.OfChat(choice.Logprobs, choice.Message);
        var pieces = new PieceWriter(writer, choice, logprobs);
        yield return Delta(choice, writer, message.Opening);
        foreach (var text in message.Texts)
            foreach (var part in pieces.Write(Before(text), text.Text(), [.. "\"}"u8], logprobs.TableOf(text)))
                yield return part;
        for (var i = 0; i < message.ToolCalls.Count; i++)
            foreach (var part in ToolCall(choice, writer, pieces, i, Field.Of(message.ToolCalls[i])))
                yield return part;
        foreach (var structure in message.Structures) yield return Delta(choice, writer, [structure]);
        yield return Last(choice, writer, logprobs);
    }

    private static byte[] Before(Field text) => [.. ",\"delta\":{\""u8, .. text.Name, .. "\":\""u8];

    private static StreamPart Delta(ChoicePlan choice, ChunkWriter writer, List<Field> fields)
    {
        var chunk = writer.Begin(choice);
        chunk.Append(",\"delta\":{"u8);
        foreach (var field in fields) field.WriteTo(chunk);
        chunk.Append((byte)'}');
        return writer.End();
    }

    private static StreamPart Last(ChoicePlan choice, ChunkWriter writer, LogprobsPlan logprobs)
    {
        var chunk = writer.Begin(choice);
        chunk.Append(",\"delta\":{}"u8);
        logprobs.WriteRest(chunk);
        return writer.EndLast();
    }

    private static IEnumerable<StreamPart> ToolCall(ChoicePlan choice, ChunkWriter writer, PieceWriter pieces, int index, List<Field> call)
    {
        var begin = new ByteBuffer();
        begin.Append(",\"delta\":{\"tool_calls\":[{\"index\":"u8);
        begin.Append(index);
        var arguments = ArgumentsOf(call);
        yield return FirstFragment(choice, writer, begin, call, arguments is not null);
        if (arguments is null) yield break;
        begin.Append(",\"function\":{\"arguments\":\""u8);
        foreach (var part in pieces.Write(begin.ToArray(), arguments.Text(), [.. "\"}}]}"u8])) yield return part;
    }

    private static Field? ArgumentsOf(List<Field> call) =>
        call.Find(f => f.Is("function"u8)) is { } function
            ? Field.Of(function.Value).Find(f => f.Is("arguments"u8) && f.Kind == JsonTokenType.String)
            : null;

    private static StreamPart FirstFragment(ChoicePlan choice, ChunkWriter writer, ByteBuffer begin, List<Field> call, bool inPieces)
    {
        var chunk = writer.Begin(choice);
        chunk.Append(begin.Span);
        foreach (var field in call)
        {
            if (field.Is("index"u8)) continue;
            if (inPieces && field.Is("function"u8)) Function(chunk, field);
            else field.WriteTo(chunk);
        }

        chunk.Append("}]}"u8);
        return writer.End();
    }

    private static void Function(ByteBuffer chunk, Field function)
    {
        chunk.Name(function.Name);
        chunk.Append((byte)'{');
        foreach (var field in Field.Of(function.Value))
            (field.Is("arguments"u8) ? field with { Value = "\"\""u8.ToArray() } : field).WriteTo(chunk);
        chunk.Append((byte)'}');
    }
}

using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Folding;

/// <summary>One choice while its chunks arrive.</summary>
internal sealed class ChoiceFold(PromptEndpoint endpoint, long index)
{
    private static readonly byte[][] Written =
        [[.. "index"u8], [.. "message"u8], [.. "text"u8], [.. "logprobs"u8], [.. "finish_reason"u8]];

    private static readonly byte[][] WrittenOfMessage = [[.. "role"u8], [.. "content"u8]];

    private readonly bool _chat = endpoint == PromptEndpoint.ChatCompletions;
    private readonly MapNode _fields = new();
    private readonly MapNode _message = new();

    public long Index { get; } = index;

    public void Add(ref JsonCursor cursor)
    {
        while (cursor.ReadName())
        {
            var name = cursor.Name;
            cursor.Read();
            if (name.SequenceEqual("index"u8)) cursor.Skip();
            else if (_chat && name.SequenceEqual("delta"u8)) AddDelta(ref cursor);
            else Merge.Field(_fields, name, ref cursor, RuleOf(name, cursor.Kind));
        }
    }

    public void WriteTo(ByteBuffer output)
    {
        output.Append((byte)'{');
        if (!_chat) _fields.WriteField(output, "text"u8);
        output.Name("index"u8);
        output.Append(Index);
        if (_chat) WriteMessage(output);
        _fields.WriteField(output, "logprobs"u8);
        _fields.WriteField(output, "finish_reason"u8);
        if (_chat) _fields.WriteField(output, "text"u8);
        else _fields.WriteField(output, "message"u8);
        _fields.WriteOthers(output, Written);
        output.Append((byte)'}');
    }

    private FoldRule RuleOf(ReadOnlySpan<byte> name, JsonTokenType kind)
    {
        if (name.SequenceEqual("logprobs"u8)) return FoldRule.Append;
        if (!_chat && name.SequenceEqual("text"u8)) return FoldRule.Delta;
        if (_chat && name.SequenceEqual("message"u8)) return FoldRule.Latest;
        return kind == JsonTokenType.StartArray ? FoldRule.Append : FoldRule.State;
    }

    private void AddDelta(ref JsonCursor cursor)
    {
        if (cursor.Kind == JsonTokenType.Null) return;
        if (cursor.Kind != JsonTokenType.StartObject) throw new JsonException("A delta is an object.");
        while (cursor.ReadName())
        {
            var name = cursor.Name;
            cursor.Read();
            if (cursor.Kind == JsonTokenType.StartArray && name.SequenceEqual("tool_calls"u8)) ToolCallFold.Add(_message, ref cursor);
            else Merge.Field(_message, name, ref cursor, FoldRule.Delta);
        }
    }

    // A provider that repeats the whole message beside its deltas has said everything in the deltas; one that sends no deltas has not.
    private void WriteMessage(ByteBuffer output)
    {
        output.Name("message"u8);
        if (_message.Count == 0 && _fields.Get("message"u8) is { } whole)
        {
            whole.WriteTo(output);
            return;
        }

        output.Append((byte)'{');
        if (_message.Get("role"u8) is null) output.Append("\"role\":\"assistant\""u8);
        else _message.WriteField(output, "role"u8);
        if (_message.Get("content"u8) is null) output.Append(",\"content\":null"u8);
        else _message.WriteField(output, "content"u8);
        _message.WriteOthers(output, WrittenOfMessage);
        output.Append((byte)'}');
    }
}

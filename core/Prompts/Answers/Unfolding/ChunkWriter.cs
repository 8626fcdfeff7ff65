using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>
/// Writes chunks. What all chunks of a choice have in common is serialised once and stays in the buffer; a chunk costs the bytes
/// of its own and one copy.
/// </summary>
internal sealed class ChunkWriter(AnswerPlan plan)
{
    private readonly ByteBuffer _chunk = new(1024);
    private readonly ByteBuffer _end = new(64);
    private IReadOnlyList<Field> _once = plan.Once;
    private ChoicePlan? _choice;
    private int _envelope;

    /// <summary>Begins a chunk of a choice: the buffer ends inside <c>{"index":N</c>.</summary>
    public ByteBuffer Begin(ChoicePlan choice)
    {
        if (_choice != choice) Open(choice);
        _chunk.Truncate(_envelope);
        return _chunk;
    }

    /// <summary>Ends a chunk that does not end its choice.</summary>
    /// <param name="hasLogprobs">Whether it has logprobs of its own.</param>
    public StreamPart End(bool hasLogprobs = false)
    {
        if (!hasLogprobs && _choice!.Logprobs is not null) _chunk.Append(",\"logprobs\":null"u8);
        _chunk.Append(_end.Span);
        return Part();
    }

    /// <summary>Ends the chunk that ends its choice.</summary>
    public StreamPart EndLast()
    {
        _choice!.FinishReason?.WriteTo(_chunk);
        foreach (var field in _choice.Others) field.WriteTo(_chunk);
        _chunk.Append("}]}"u8);
        return Part();
    }

    /// <summary>A chunk without choices, for an answer that has none.</summary>
    public StreamPart WithoutChoices()
    {
        Head();
        _chunk.Append("]}"u8);
        return Part();
    }

    /// <summary>The closing usage chunk.</summary>
    public StreamPart Usage(Field usage)
    {
        Head();
        _chunk.Append((byte)']');
        usage.WriteTo(_chunk);
        _chunk.Append((byte)'}');
        return Part() with { UsageOnly = true };
    }

    private StreamPart Part()
    {
        // What is sent once has been sent: the next chunk gets a new envelope.
        if (_once.Count > 0)
        {
            _once = [];
            _choice = null;
        }

        return new StreamPart(_chunk.ToArray(), UsageOnly: false);
    }

    private void Head()
    {
        _chunk.Truncate(0);
        _chunk.Append(plan.Head);
        foreach (var field in _once) field.WriteTo(_chunk);
        _chunk.Name("choices"u8);
        _chunk.Append((byte)'[');
    }

    private void Open(ChoicePlan choice)
    {
        _choice = choice;
        Head();
        _chunk.Append("{\"index\":"u8);
        _chunk.Append(choice.Index);
        _envelope = _chunk.Length;
        _end.Truncate(0);
        if (choice.FinishReason is not null) _end.Append(",\"finish_reason\":null"u8);
        _end.Append("}]}"u8);
    }
}

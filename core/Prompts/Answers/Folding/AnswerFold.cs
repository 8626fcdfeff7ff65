using System.Text.Json;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Folding;

/// <summary>A plain answer while its chunks arrive.</summary>
internal sealed class AnswerFold(PromptEndpoint endpoint)
{
    private static readonly byte[][] Written =
    [
        [.. "id"u8], [.. "object"u8], [.. "created"u8], [.. "model"u8], [.. "usage"u8], [.. "service_tier"u8], [.. "system_fingerprint"u8],
    ];

    private readonly MapNode _fields = new();
    private readonly List<ChoiceFold> _choices = [];

    /// <summary>Takes one chunk.</summary>
    /// <returns>A fault, or null.</returns>
    /// <exception cref="JsonException">The chunk is not JSON, or not a chunk.</exception>
    /// <exception cref="MixedKindsException">A delta's field changed its kind.</exception>
    public string? Add(ReadOnlySpan<byte> data, out bool usageOnly)
    {
        usageOnly = false;
        var cursor = new JsonCursor(data);
        if (!cursor.Read() || cursor.Kind != JsonTokenType.StartObject) return FoldFaults.NotAnObject;
        var (hasUsage, hasChoices) = (false, false);
        while (cursor.ReadName())
        {
            var name = cursor.Name;
            cursor.Read();
            if (name.SequenceEqual("choices"u8)) hasChoices |= AddChoices(ref cursor);
            else if (name.SequenceEqual("error"u8) && cursor.Kind != JsonTokenType.Null) return FoldFaults.ErrorEvent;
            else hasUsage |= AddField(name, ref cursor);
        }

        // Reads to the end: what follows the object is not JSON.
        cursor.Read();
        usageOnly = hasUsage && !hasChoices;
        return null;
    }

    public byte[] ToBody()
    {
        var output = new ByteBuffer(512);
        output.Append((byte)'{');
        _fields.WriteField(output, "id"u8);
        WriteObject(output);
        _fields.WriteField(output, "created"u8);
        _fields.WriteField(output, "model"u8);
        output.Name("choices"u8);
        output.Append((byte)'[');
        foreach (var choice in _choices)
        {
            output.Separate();
            choice.WriteTo(output);
        }

        output.Append((byte)']');
        _fields.WriteField(output, "usage"u8);
        _fields.WriteField(output, "service_tier"u8);
        _fields.WriteField(output, "system_fingerprint"u8);
        _fields.WriteOthers(output, Written);
        output.Append((byte)'}');
        return output.ToArray();
    }

    private bool AddField(ReadOnlySpan<byte> name, ref JsonCursor cursor)
    {
        var hasUsage = cursor.Kind != JsonTokenType.Null && name.SequenceEqual("usage"u8);
        // Azure's content filter chunks have an empty id, an empty model and a time of zero.
        var isVoid = name.SequenceEqual("created"u8) && cursor.Text.SequenceEqual("0"u8) && _fields.Get(name) is not null;
        if (isVoid || Names.Contains(Names.Noise, name)) cursor.Skip();
        else Merge.Field(_fields, name, ref cursor, FoldRule.Latest);
        return hasUsage;
    }

    private bool AddChoices(ref JsonCursor cursor)
    {
        if (cursor.Kind == JsonTokenType.Null) return false;
        if (cursor.Kind != JsonTokenType.StartArray) throw new JsonException("Choices are an array.");
        var any = false;
        while (cursor.ReadElement())
        {
            if (cursor.Kind != JsonTokenType.StartObject) throw new JsonException("A choice is an object.");
            ChoiceOf(cursor.PeekIndex() ?? 0).Add(ref cursor);
            any = true;
        }

        return any;
    }

    private ChoiceFold ChoiceOf(long index)
    {
        var at = _choices.Count;
        while (at > 0 && _choices[at - 1].Index > index) at--;
        if (at > 0 && _choices[at - 1].Index == index) return _choices[at - 1];
        _choices.Insert(at, new ChoiceFold(endpoint, index));
        return _choices[at];
    }

    private void WriteObject(ByteBuffer output)
    {
        var before = output.Length;
        _fields.WriteField(output, "object"u8);
        if (endpoint == PromptEndpoint.ChatCompletions && output.Span[before..].EndsWith("\"chat.completion.chunk\""u8))
        {
            output.Truncate(output.Length - ".chunk\""u8.Length);
            output.Append((byte)'"');
        }
    }
}

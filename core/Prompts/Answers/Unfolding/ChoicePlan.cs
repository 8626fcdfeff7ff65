using System.Text.Json;

namespace OrleansCache.Core.Prompts.Answers.Unfolding;

/// <summary>One choice of a plain answer taken apart.</summary>
internal sealed class ChoicePlan
{
    private static readonly byte[][] Special =
        [[.. "index"u8], [.. "message"u8], [.. "delta"u8], [.. "text"u8], [.. "logprobs"u8], [.. "finish_reason"u8]];

    public required long Index { get; init; }

    /// <summary>The fields of a chat's message.</summary>
    public required IReadOnlyList<Field> Message { get; init; }

    /// <summary>The text of a legacy completion (of a chat: a field like any other).</summary>
    public required Field? Text { get; init; }

    public required Field? Logprobs { get; init; }

    public required Field? FinishReason { get; init; }

    /// <summary>All other fields: sent in the choice's last chunk.</summary>
    public required IReadOnlyList<Field> Others { get; init; }

    public static List<ChoicePlan> All(List<ReadOnlyMemory<byte>> choices)
    {
        var fields = choices.ConvertAll(Field.Of);
        var indexes = fields.ConvertAll(IndexOf);
        // Chunks find their choice by index, so one that is missing or taken is replaced by the place.
        var usable = indexes.TrueForAll(i => i is not null) && indexes.Zip(indexes.Skip(1)).All(pair => pair.First < pair.Second);
        return [.. fields.Select((f, place) => Of(f, usable ? indexes[place]!.Value : place))];
    }

    private static ChoicePlan Of(List<Field> fields, long index) => new()
    {
        Index = index,
        Message = fields.Find(f => f.Is("message"u8)) is { } message ? Field.Of(message.Value) : [],
        Text = fields.Find(f => f.Is("text"u8)),
        Logprobs = fields.Find(f => f.Is("logprobs"u8)),
        FinishReason = fields.Find(f => f.Is("finish_reason"u8)),
        Others = fields.FindAll(f => !Names.Contains(Special, f.Name)),
    };

    private static long? IndexOf(List<Field> fields) =>
        fields.Find(f => f.Is("index"u8)) is { Kind: JsonTokenType.Number } index
        && System.Buffers.Text.Utf8Parser.TryParse(index.Value.Span, out long value, out var read) && read == index.Value.Length
            ? value
            : null;
}

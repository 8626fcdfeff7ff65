using System.Text.Json;
using System.Text.Unicode;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts.Answers.Folding;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers;

/// <summary>
/// Folds the chunks of one stream into the plain JSON answer, losing nothing; docs/answers.md has the rules. Holds the answer
/// so far, no chunks. Not thread-safe.
/// </summary>
/// <param name="endpoint">The endpoint that streams.</param>
public sealed class StreamFolder(PromptEndpoint endpoint)
{
    private readonly AnswerFold _answer = new(endpoint);
    private bool _any;

    /// <summary>Why there will be no plain answer, one of <see cref="FoldFaults"/>; null while all is well.</summary>
    public string? Fault { get; private set; } = endpoint == PromptEndpoint.Embeddings ? FoldFaults.NotStreamable : null;

    /// <summary>Takes the data of one event. Never throws: what cannot be folded sets <see cref="Fault"/> and is handed on as it came.</summary>
    /// <param name="data">The event's data; not kept by the folder.</param>
    /// <returns>The same data, and whether it is the closing usage chunk.</returns>
    public StreamPart Add(ReadOnlyMemory<byte> data)
    {
        if (Fault is not null) return new StreamPart(data, IsUsageOnly(data.Span));
        var usageOnly = false;
        try
        {
            Fault = Utf8.IsValid(data.Span) ? _answer.Add(data.Span, out usageOnly) : FoldFaults.MalformedChunk;
        }
        catch (JsonException)
        {
            Fault = FoldFaults.MalformedChunk;
        }
        catch (MixedKindsException)
        {
            Fault = FoldFaults.MixedKinds;
        }

        _any = true;
        return new StreamPart(data, usageOnly);
    }

    /// <summary>The plain answer so far, in a new array; null when there is a fault or nothing came.</summary>
    public byte[]? ToBody() => Fault is null && _any ? _answer.ToBody() : null;

    // After a fault nothing is folded, but a caller who did not ask for the usage chunk is still not to see it.
    private static bool IsUsageOnly(ReadOnlySpan<byte> data)
    {
        try
        {
            var (hasUsage, hasChoices) = (false, false);
            var cursor = new JsonCursor(data);
            if (!cursor.Read() || cursor.Kind != JsonTokenType.StartObject) return false;
            while (cursor.ReadName())
            {
                var name = cursor.Name;
                cursor.Read();
                hasUsage |= name.SequenceEqual("usage"u8) && cursor.Kind != JsonTokenType.Null;
                if (name.SequenceEqual("choices"u8)) hasChoices |= cursor.TakeValue().Contains((byte)'{');
                else cursor.Skip();
            }

            return hasUsage && !hasChoices;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

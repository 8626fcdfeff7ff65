using System.Text.Json;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Upstream;

/// <summary>
/// Finds the usage in an answer without reading the rest: the last <c>"usage":{</c>. The quotation marks make it a member's name: inside a
/// JSON string they would be escaped.
/// </summary>
internal static class UsageFinder
{
    public static TokenUsage? Find(ReadOnlySpan<byte> json)
    {
        var at = json.LastIndexOf("\"usage\":"u8);
        if (at < 0) return null;
        try
        {
            var reader = new Utf8JsonReader(json[(at + 8)..]);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? Read(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TokenUsage Read(ref Utf8JsonReader reader)
    {
        var (prompt, completion) = (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isPrompt = reader.ValueTextEquals("prompt_tokens"u8);
            var isCompletion = reader.ValueTextEquals("completion_tokens"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count))
            {
                if (isPrompt) prompt = count;
                if (isCompletion) completion = count;
            }

            reader.Skip();
        }

        return new TokenUsage(prompt, completion);
    }
}

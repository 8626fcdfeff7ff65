using System.Text.Json;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Answers;

/// <summary>Reads the tokens out of a chunk that tells of usage, for statistics.</summary>
internal static class StreamUsage
{
    /// <summary>Whether the chunk may tell of usage. Most say nothing or <c>"usage":null</c>; to know costs one search of their bytes.</summary>
    public static bool IsIn(ReadOnlySpan<byte> chunk)
    {
        var at = chunk.IndexOf("\"usage\":"u8);
        return at >= 0 && chunk[(at + 8)..].TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
    }

    public static TokenUsage Read(ReadOnlySpan<byte> chunk)
    {
        try
        {
            var json = new Utf8JsonReader(chunk);
            while (json.Read())
                if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == 1 && json.ValueTextEquals("usage"u8))
                    return ReadUsage(ref json);
        }
        catch (JsonException)
        {
            // A provider's chunk that is no JSON is handed on as it is and counts nothing.
        }

        return default;
    }

    private static TokenUsage ReadUsage(ref Utf8JsonReader json)
    {
        int prompt = 0, completion = 0;
        while (json.Read() && !(json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == 1))
        {
            if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 2) continue;
            if (json.ValueTextEquals("prompt_tokens"u8)) prompt = ReadNumber(ref json);
            else if (json.ValueTextEquals("completion_tokens"u8)) completion = ReadNumber(ref json);
        }

        return new TokenUsage(prompt, completion);
    }

    private static int ReadNumber(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var number) ? number : 0;
}

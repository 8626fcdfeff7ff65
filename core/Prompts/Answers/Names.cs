namespace OrleansCache.Core.Prompts.Answers;

/// <summary>The field names that are treated apart. Every name not listed is treated by its kind and place alone.</summary>
internal static class Names
{
    /// <summary>
    /// Chunk-only noise, dropped at the top level: <c>obfuscation</c> is random padding against traffic analysis, different in
    /// every chunk and no part of the answer.
    /// </summary>
    public static readonly byte[][] Noise = [[.. "obfuscation"u8]];

    /// <summary>
    /// Strings in a delta that name something instead of telling it: some providers repeat them whole in every fragment, or send
    /// them empty after the first. The last that is not empty counts; they are never joined.
    /// </summary>
    public static readonly byte[][] Identity =
    [
        [.. "role"u8], [.. "type"u8], [.. "id"u8], [.. "name"u8], [.. "format"u8], [.. "tool_call_id"u8], [.. "call_id"u8],
        [.. "status"u8], [.. "mime_type"u8], [.. "model"u8], [.. "object"u8],
    ];

    /// <summary>Message texts that come before all others, as models think before they speak.</summary>
    public static readonly byte[][] Reasoning = [[.. "reasoning_content"u8], [.. "reasoning"u8]];

    public static bool Contains(byte[][] names, ReadOnlySpan<byte> name)
    {
        foreach (var candidate in names)
            if (name.SequenceEqual(candidate)) return true;
        return false;
    }
}

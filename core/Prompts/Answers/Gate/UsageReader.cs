using System.Text.Json;
using OrleansCache.Core.Prompts.Answers.Json;

namespace OrleansCache.Core.Prompts.Answers.Gate;

/// <summary>Reads <c>usage</c>.</summary>
internal static class UsageReader
{
    public static TokenUsage Read(ref JsonCursor cursor)
    {
        var (prompt, completion) = (0, 0);
        if (cursor.Kind != JsonTokenType.StartObject) cursor.Skip();
        else
        {
            while (cursor.ReadName())
            {
                var name = cursor.Name;
                cursor.Read();
                if (name.SequenceEqual("prompt_tokens"u8)) prompt = Count(in cursor);
                else if (name.SequenceEqual("completion_tokens"u8)) completion = Count(in cursor);
                cursor.Skip();
            }
        }

        return new TokenUsage(prompt, completion);
    }

    private static int Count(in JsonCursor cursor) =>
        cursor.Kind == JsonTokenType.Number ? (int)Math.Clamp(cursor.GetDouble(), 0, int.MaxValue) : 0;
}

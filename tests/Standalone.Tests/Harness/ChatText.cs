using System.Text;
using System.Text.Json;

namespace OrleansCache.Standalone.Tests.Harness;

/// <summary>What a chat's answer says, whichever form it came in.</summary>
internal sealed record ChatText(string Id, string Content, string? FinishReason)
{
    private const string Done = "data: [DONE]\n\n";

    public static ChatText OfPlain(string json)
    {
        using var document = JsonDocument.Parse(json);
        var choice = document.RootElement.GetProperty("choices")[0];
        return new ChatText(
            document.RootElement.GetProperty("id").GetString()!,
            choice.GetProperty("message").GetProperty("content").GetString()!,
            choice.GetProperty("finish_reason").GetString());
    }

    /// <exception cref="FormatException">The stream is not whole.</exception>
    public static ChatText OfStream(string sse)
    {
        if (!sse.EndsWith(Done, StringComparison.Ordinal)) throw new FormatException($"The stream has no proper end: {sse}");
        var (id, content, finish) = ("", new StringBuilder(), (string?)null);
        foreach (var line in sse[..^Done.Length].Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line["data: ".Length..]);
            var chunk = document.RootElement;
            id = chunk.GetProperty("id").GetString()!;
            var choices = chunk.GetProperty("choices");
            if (choices.GetArrayLength() == 0) continue;
            if (choices[0].GetProperty("delta").TryGetProperty("content", out var text)) content.Append(text.GetString());
            if (choices[0].TryGetProperty("finish_reason", out var reason)) finish = reason.GetString() ?? finish;
        }

        return new ChatText(id, content.ToString(), finish);
    }
}

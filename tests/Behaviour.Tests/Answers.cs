using System.Text;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Behaviour.Tests;

/// <summary>Answers as an upstream gives them.</summary>
internal static class Answers
{
    public static string Body(string content = "hello", string? finishReason = "stop") =>
        $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-2024","choices":[{"index":0,"message":{"role":"assistant","content":"{{{content}}}"},"finish_reason":{{{Quote(finishReason)}}}}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""";

    public static UpstreamAnswer Plain(string content = "hello", string? finishReason = "stop") =>
        ScriptedUpstream.Json(Body(content, finishReason));

    public static UpstreamAnswer Embedding() => ScriptedUpstream.Json(
        """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.5,0.5]}],"model":"e","usage":{"prompt_tokens":1,"total_tokens":1}}""");

    public static UpstreamAnswer Error(int status) =>
        ScriptedUpstream.Json($$$"""{"error":{"message":"no","type":"t","param":null,"code":"c{{{status}}}"}}""", status, ("retry-after", "3"));

    public static string Chunk(string content, string? finishReason = null) =>
        $$$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-2024","choices":[{"index":0,"delta":{"content":"{{{content}}}"},"finish_reason":{{{Quote(finishReason)}}}}]}""";

    public static string Text(this PromptAnswer answer) => Encoding.UTF8.GetString(answer.Completion.ShouldNotBeNull().Body);

    public static string Text(this Refusal? refusal) => Encoding.UTF8.GetString(refusal.ShouldNotBeNull().Body.Span);

    public static string Text(this StreamPart part) => Encoding.UTF8.GetString(part.Data.Span);

    /// <summary>Reads live parts to the end.</summary>
    public static async Task<List<string>> ReadAsync(this PromptAnswer answer)
    {
        var parts = new List<string>();
        await foreach (var part in answer.Parts.ShouldNotBeNull()) parts.Add(part.Text());
        return parts;
    }

    private static string Quote(string? text) => text is null ? "null" : $"\"{text}\"";
}

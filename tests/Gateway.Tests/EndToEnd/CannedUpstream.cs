using OrleansCache.Core.Upstream;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.EndToEnd;

/// <summary>The answers of a provider, plain or streamed as it is asked; the id counts the calls.</summary>
internal static class CannedUpstream
{
    public static readonly string[] Words = ["Hello", " there", ", friend"];

    public static Task<UpstreamAnswer> AnswerAsync(ScriptedUpstream upstream, UpstreamRequest request)
    {
        var id = $"chatcmpl-{upstream.Calls}";
        if (!request.Stream) return Task.FromResult(ScriptedUpstream.Json(Plain(id)));
        var stream = new ScriptedStream();
        stream.Push(Chunk(id, """{"role":"assistant","content":""}"""));
        foreach (var word in Words) stream.Push(Chunk(id, $$$"""{"content":"{{{word}}}"}"""));
        stream.Push(Chunk(id, "{}", "\"stop\"")).Push(Usage(id)).Complete();
        return Task.FromResult(stream.Answer);
    }

    public static string Chunk(string id, string delta, string finish = "null") =>
        $$$"""{"id":"{{{id}}}","object":"chat.completion.chunk","created":1700000000,"model":"m-1","choices":[{"index":0,"delta":{{{delta}}},"logprobs":null,"finish_reason":{{{finish}}}}]}""";

    public static string Usage(string id) =>
        $$$"""{"id":"{{{id}}}","object":"chat.completion.chunk","created":1700000000,"model":"m-1","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""";

    private static string Plain(string id) =>
        $$$"""{"id":"{{{id}}}","object":"chat.completion","created":1700000000,"model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"{{{string.Concat(Words)}}}","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3,"total_tokens":12}}""";
}

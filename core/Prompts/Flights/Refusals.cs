using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Prompts.Flights;

/// <summary>The refusals that flights and owners give.</summary>
internal static class Refusals
{
    public static Refusal NotCached { get; } = OpenAiError.Refuse(
        504,
        "Nothing fresh is cached for this request, and it asked for a cached answer only. Send it without 'Cache-Control: only-if-cached' to ask the upstream.",
        "cache_error",
        "not_cached");

    public static Refusal Cancelled { get; } = OpenAiError.Refuse(
            503, "The server is stopping and gave the call up. Send the request again.", "server_error", "shutting_down")
        with { Headers = [new("retry-after", "1")] };

    public static Refusal Internal { get; } = OpenAiError.Refuse(
        500, "The server failed to answer; its log says why. Send the request again.", "server_error", "internal_error");

    /// <summary>The upstream's own answer, bytes and status untouched.</summary>
    public static Refusal PassOn(UpstreamAnswer answer) => new(answer.Status, answer.Body, answer.ContentType, answer.Headers);
}

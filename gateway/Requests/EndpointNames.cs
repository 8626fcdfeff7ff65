using OrleansCache.Core.Keys;

namespace OrleansCache.Gateway.Requests;

/// <summary>The paths of the endpoints.</summary>
internal static class EndpointNames
{
    public static string Path(PromptEndpoint endpoint) => endpoint switch
    {
        PromptEndpoint.ChatCompletions => "/v1/chat/completions",
        PromptEndpoint.Completions => "/v1/completions",
        PromptEndpoint.Embeddings => "/v1/embeddings",
        _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint, "No path is known for this endpoint."),
    };
}

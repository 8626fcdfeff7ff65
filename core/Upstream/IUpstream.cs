using OrleansCache.Core.Keys;

namespace OrleansCache.Core.Upstream;

/// <summary>A provider that answers prompts.</summary>
public interface IUpstream
{
    /// <summary>
    /// Calls the provider. Returns as soon as the kind of the answer is known: for JSON with the whole body, for SSE with the first
    /// headers. Statuses of 400 and more are answers, not faults.
    /// </summary>
    /// <exception cref="UpstreamException">No answer: unreachable, reset, or a deadline passed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; the call is gone from the wire too.</exception>
    Task<UpstreamAnswer> CallAsync(UpstreamRequest request, CancellationToken cancellationToken);

    /// <summary>The body of <c>GET /v1/models</c>.</summary>
    /// <exception cref="UpstreamException">No answer.</exception>
    Task<UpstreamAnswer> ListModelsAsync(CancellationToken cancellationToken);
}

/// <summary>One call.</summary>
/// <param name="Endpoint">Which endpoint.</param>
/// <param name="Model">The model that was asked for.</param>
/// <param name="Stream">Whether the body asks for SSE.</param>
/// <param name="Body">The request's body. Must not change until the answer has ended.</param>
public sealed record UpstreamRequest(PromptEndpoint Endpoint, string Model, bool Stream, ReadOnlyMemory<byte> Body);

using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Statistics;

/// <summary>One request, as the statistics see it when it has been answered.</summary>
/// <param name="Model">The model that was asked for; empty when the body could not be read.</param>
/// <param name="ApiKey">The configured name of the API key, never the secret; empty when the caller is unknown.</param>
/// <param name="Source">Where the answer came from; null when the request was refused before an owner was asked.</param>
/// <param name="Status">HTTP status. 400 and more counts as an error, whatever the source.</param>
/// <param name="Elapsed">From the first byte of the request to the last byte of the answer handed to the server.</param>
/// <param name="Usage">Tokens of the answer: saved on hits, spent on misses; zero when unknown.</param>
/// <param name="UpstreamMilliseconds">Upstream time of the answer: saved on hits, spent on misses; zero when unknown.</param>
public readonly record struct RequestRecord(
    string Model,
    string ApiKey,
    CacheSource? Source,
    int Status,
    TimeSpan Elapsed,
    TokenUsage Usage,
    int UpstreamMilliseconds);

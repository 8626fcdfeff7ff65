using OrleansCache.Core.Upstream;

namespace OrleansCache.Core.Prompts.Flights;

/// <summary>How a flight ended: with a completion or a refusal, and for a broken stream with both refusal and fault.</summary>
internal sealed record FlightOutcome
{
    public Completion? Completion { get; init; }

    public Refusal? Refusal { get; init; }

    /// <summary>Why a stream that had begun broke off.</summary>
    public UpstreamException? Fault { get; init; }

    /// <summary>What the completion is for every caller; null when it depends on whether the caller led (miss) or joined.</summary>
    public CacheSource? Source { get; init; }

    /// <summary>Whether the completion is past its freshness and a new one is to be fetched behind it.</summary>
    public bool Revalidate { get; init; }

    /// <summary>Whether the completion may be kept: complete, and not purged in the meantime.</summary>
    public bool Keep { get; init; }

    public TimeSpan UpstreamTime { get; init; }
}

namespace OrleansCache.Core.Prompts;

/// <summary>What the caller asked of the cache (<c>Cache-Control</c> and <c>x-cache-ttl</c>).</summary>
public sealed record CacheDirectives
{
    /// <summary>No directive at all.</summary>
    public static CacheDirectives None { get; } = new();

    /// <summary>Don't read the cache; refresh it with the new answer.</summary>
    public bool NoCache { get; init; }

    /// <summary>Don't read, don't write, don't coalesce.</summary>
    public bool NoStore { get; init; }

    /// <summary>Answer from the cache or not at all.</summary>
    public bool OnlyIfCached { get; init; }

    /// <summary>Accept nothing older than this; null accepts any age that is fresh.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>Keep the answer this long; bounded by <see cref="CacheOptions.MaxTtl"/>; null takes the model's rule.</summary>
    public TimeSpan? Ttl { get; init; }
}

namespace OrleansCache.Core.Prompts;

/// <summary>Freshness, flights and memory: section <c>OrleansCache:Cache</c>.</summary>
public sealed class CacheOptions
{
    /// <summary>How long an answer is fresh when neither the caller nor a rule says. 1 second to 10 years.</summary>
    /// <value>Default: 1 day.</value>
    public TimeSpan DefaultTtl { get; set; } = TimeSpan.FromDays(1);

    /// <summary>The longest time that a caller or a rule may ask for. 1 second to 10 years.</summary>
    /// <value>Default: 30 days.</value>
    public TimeSpan MaxTtl { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long past its freshness an answer may stand in for an upstream that fails. Zero to 10 years.</summary>
    /// <value>Default: 0 (off).</value>
    public TimeSpan StaleIfError { get; set; }

    /// <summary>How long past its freshness an answer is still served while a new one is fetched behind it. Zero to 10 years.</summary>
    /// <value>Default: 0 (off).</value>
    public TimeSpan StaleWhileRevalidate { get; set; }

    /// <summary>
    /// Requests with a temperature above this (1 when absent, OpenAI's default) are neither read, stored nor coalesced: they are
    /// independent samples. 0 to 2.
    /// </summary>
    /// <value>Default: none, every temperature is cached.</value>
    public double? MaxTemperature { get; set; }

    /// <summary>What becomes of a flight that every caller has left after the upstream was called.</summary>
    /// <value>Default: <see cref="AbandonedFlights.Finish"/>: it is paid for.</value>
    public AbandonedFlights AbandonedFlights { get; set; }

    /// <summary>Memory for completions, in bytes. 1 MiB to 1 TiB.</summary>
    /// <value>Default: 268,435,456 (256 MiB).</value>
    public long MemoryBytes { get; set; } = 256L << 20;

    /// <summary>Which completion leaves memory when room is needed.</summary>
    /// <value>Default: <see cref="EvictionKind.S3Fifo"/>.</value>
    public EvictionKind Eviction { get; set; }

    /// <summary>Rules per model; the first that matches counts.</summary>
    public List<ModelRule> Models { get; set; } = [];
}

/// <summary>Freshness of one family of models. Unset values fall back to <see cref="CacheOptions"/>.</summary>
public sealed class ModelRule
{
    /// <summary>The model as asked for; one <c>*</c> at the end matches any rest.</summary>
    public string Model { get; set; } = "";

    /// <summary>Freshness for these models.</summary>
    public TimeSpan? Ttl { get; set; }

    /// <summary>As <see cref="CacheOptions.StaleIfError"/>.</summary>
    public TimeSpan? StaleIfError { get; set; }

    /// <summary>As <see cref="CacheOptions.StaleWhileRevalidate"/>.</summary>
    public TimeSpan? StaleWhileRevalidate { get; set; }

    /// <summary>As <see cref="CacheOptions.MaxTemperature"/>.</summary>
    public double? MaxTemperature { get; set; }

    /// <summary>False leaves the cache out for these models: every request is a <c>BYPASS</c>.</summary>
    public bool Cached { get; set; } = true;
}

/// <summary>What becomes of a flight that every caller has left.</summary>
public enum AbandonedFlights
{
    /// <summary>It is finished and stored: it was paid for.</summary>
    Finish,

    /// <summary>It is cancelled, on the wire too.</summary>
    Cancel,
}

/// <summary>Which completion leaves memory when room is needed.</summary>
public enum EvictionKind
{
    /// <summary>S3-FIFO (Yang et al., SOSP 2023): three queues; one-hit wonders leave early.</summary>
    S3Fifo,

    /// <summary>Least recently used.</summary>
    Lru,

    /// <summary>Least frequently used, with ageing.</summary>
    Lfu,

    /// <summary>First in, first out.</summary>
    Fifo,

    /// <summary>Any.</summary>
    Random,
}

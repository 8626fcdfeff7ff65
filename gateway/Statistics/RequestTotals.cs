namespace OrleansCache.Gateway.Statistics;

/// <summary>What a set of requests came to. Every request is counted under exactly one of the seven outcomes.</summary>
public sealed record RequestTotals
{
    /// <summary>All requests.</summary>
    public long Requests => Hits + Joined + Misses + Bypassed + Stale + ClientErrors + ServerErrors;

    /// <summary>Answered from the cache, fresh.</summary>
    public required long Hits { get; init; }

    /// <summary>Answered by a flight that another caller had started.</summary>
    public required long Joined { get; init; }

    /// <summary>Answered by the upstream through a flight of their own.</summary>
    public required long Misses { get; init; }

    /// <summary>Answered by the upstream with the cache left out.</summary>
    public required long Bypassed { get; init; }

    /// <summary>Answered from the cache, past its freshness.</summary>
    public required long Stale { get; init; }

    /// <summary>Answered with a status of 400 to 499.</summary>
    public required long ClientErrors { get; init; }

    /// <summary>Answered with a status of 500 or more.</summary>
    public required long ServerErrors { get; init; }

    /// <summary>Share of the answers that asked nothing of the upstream (hits, joined, stale) among those that could; null of none.</summary>
    public double? HitRate => Saving + Misses is > 0 and var asked ? (double)Saving / asked : null;

    /// <summary>What hits, joined and stale answers did not ask of the upstream.</summary>
    public required Spending Saved { get; init; }

    /// <summary>What misses and bypasses asked of it.</summary>
    public required Spending Spent { get; init; }

    /// <summary>Time to answer hits, stale ones included.</summary>
    public required LatencyPercentiles HitLatency { get; init; }

    /// <summary>Time to answer misses.</summary>
    public required LatencyPercentiles MissLatency { get; init; }

    private long Saving => Hits + Joined + Stale;

    internal static RequestTotals Of(CounterSum sum, Money? money) => new()
    {
        Hits = sum[Outcome.Hit],
        Joined = sum[Outcome.Joined],
        Misses = sum[Outcome.Miss],
        Bypassed = sum[Outcome.Bypassed],
        Stale = sum[Outcome.Stale],
        ClientErrors = sum[Outcome.ClientError],
        ServerErrors = sum[Outcome.ServerError],
        Saved = Spending.Of(sum, CounterStripe.SavedPromptTokens, money?.Saved, money is { Priced: true }),
        Spent = Spending.Of(sum, CounterStripe.SpentPromptTokens, money?.Spent, money is { Priced: true }),
        HitLatency = LatencyPercentiles.Of(sum.Hits),
        MissLatency = LatencyPercentiles.Of(sum.Misses),
    };
}

/// <summary>Tokens, upstream time and money.</summary>
/// <param name="PromptTokens">Tokens of requests.</param>
/// <param name="CompletionTokens">Tokens of answers.</param>
/// <param name="UpstreamTime">Time at the upstream.</param>
/// <param name="Money">In the unit of the prices; what has no price counts as 0. Null for the recent window.</param>
/// <param name="Priced">Whether every model with tokens among these has a price.</param>
public sealed record Spending(long PromptTokens, long CompletionTokens, TimeSpan UpstreamTime, decimal? Money, bool Priced)
{
    internal static Spending Of(CounterSum sum, int firstOfThree, decimal? money, bool priced) => new(
        sum[firstOfThree],
        sum[firstOfThree + 1],
        TimeSpan.FromMilliseconds(sum[firstOfThree + 2]),
        money,
        priced);
}

/// <summary>Percentiles of durations, each at most 1.6 % off; null when nothing was measured.</summary>
public sealed record LatencyPercentiles(TimeSpan? P50, TimeSpan? P90, TimeSpan? P99, TimeSpan? P999)
{
    internal static LatencyPercentiles Of(long[] buckets) => new(
        LatencyHistogram.Percentile(buckets, 0.5),
        LatencyHistogram.Percentile(buckets, 0.9),
        LatencyHistogram.Percentile(buckets, 0.99),
        LatencyHistogram.Percentile(buckets, 0.999));
}

namespace OrleansCache.Bench.Load;

/// <summary>What a load process is to do; its command line, as JSON.</summary>
internal sealed record LoadJob
{
    /// <summary>Where, on the loopback address.</summary>
    public required int Port { get; init; }

    /// <summary>Callers: each sends its next request when it has the answer to the one before.</summary>
    public required int Connections { get; init; }

    /// <summary>Length of each request's body.</summary>
    public required int BodyBytes { get; init; }

    /// <summary>How many different requests; 0: each is new.</summary>
    public int Keys { get; init; } = 1;

    /// <summary>The number of the first request.</summary>
    public long FirstKey { get; init; }

    /// <summary>What the head of every measured answer has to hold.</summary>
    public string? Expect { get; init; }

    /// <summary>Threads that send and receive.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>What came of one round.</summary>
internal sealed record LoadResult
{
    public required long Requests { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Answers without status 200, or without what was expected in their head.</summary>
    public required long Wrong { get; init; }

    /// <summary>Microseconds, like the others.</summary>
    public required double Median { get; init; }

    public required double P99 { get; init; }

    public required double P999 { get; init; }

    public double PerSecond => Requests / Seconds;

    public static LoadResult Of(LatencyHistogram latencies, double seconds, long wrong) => new()
    {
        Requests = latencies.Count,
        Seconds = seconds,
        Wrong = wrong,
        Median = latencies.Quantile(0.5),
        P99 = latencies.Quantile(0.99),
        P999 = latencies.Quantile(0.999),
    };
}

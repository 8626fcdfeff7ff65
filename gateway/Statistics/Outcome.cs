namespace OrleansCache.Gateway.Statistics;

/// <summary>What became of a request: each is counted under exactly one. The numbers index <see cref="CounterStripe"/>.</summary>
internal enum Outcome
{
    Hit = 0,
    Joined = 1,
    Miss = 2,
    Bypassed = 3,
    Stale = 4,
    ClientError = 5,
    ServerError = 6,
}

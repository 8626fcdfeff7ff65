namespace OrleansCache.Gateway.Statistics;

/// <summary>What one model and API key came to.</summary>
internal sealed record PairSum(string Model, string ApiKey, CounterSum Sum);

/// <summary>Counters added up over stripes and pairs; used by one thread.</summary>
internal sealed class CounterSum
{
    public long[] Slots { get; } = new long[CounterStripe.Slots];

    public long[] Hits { get; } = new long[LatencyHistogram.Buckets];

    public long[] Misses { get; } = new long[LatencyHistogram.Buckets];

    public long this[Outcome outcome] => Slots[(int)outcome];

    public long this[int slot] => Slots[slot];

    public long Requests => Slots.AsSpan(0, (int)Outcome.ServerError + 1).ToArray().Sum();

    public void Add(CounterSum other) => Combine(other, sign: 1);

    public CounterSum Minus(CounterSum earlier)
    {
        var difference = new CounterSum();
        difference.Combine(this, sign: 1);
        difference.Combine(earlier, sign: -1);
        return difference;
    }

    private void Combine(CounterSum other, int sign)
    {
        Combine(Slots, other.Slots, sign);
        Combine(Hits, other.Hits, sign);
        Combine(Misses, other.Misses, sign);
    }

    private static void Combine(long[] target, long[] values, int sign)
    {
        for (var i = 0; i < target.Length; i++) target[i] += sign * values[i];
    }
}

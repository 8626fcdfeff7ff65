namespace OrleansCache.Gateway.Statistics;

/// <summary>The counters of one pair on one processor, or a few: striping keeps processors off each other's cache lines.</summary>
internal sealed class CounterStripe
{
    public const int SavedPromptTokens = 7;
    public const int SavedCompletionTokens = 8;
    public const int SavedMilliseconds = 9;
    public const int SpentPromptTokens = 10;
    public const int SpentCompletionTokens = 11;
    public const int SpentMilliseconds = 12;
    public const int Slots = 13;

    /// <summary>Eight longs are a cache line: room before and after keeps neighbours on the heap apart.</summary>
    private const int Padding = 8;

    private readonly long[] _slots = new long[Padding + Slots + Padding];

    /// <summary>Answers from the cache, stale ones included.</summary>
    public LatencyHistogram Hits { get; } = new();

    /// <summary>Answers that this caller's flight fetched.</summary>
    public LatencyHistogram Misses { get; } = new();

    public void Count(Outcome outcome, in RequestRecord record)
    {
        Add((int)outcome, 1);
        switch (outcome)
        {
            case Outcome.Hit or Outcome.Stale:
                Hits.Record(record.Elapsed);
                Add(SavedPromptTokens, record);
                break;
            case Outcome.Joined:
                Add(SavedPromptTokens, record);
                break;
            case Outcome.Miss:
                Misses.Record(record.Elapsed);
                Add(SpentPromptTokens, record);
                break;
            case Outcome.Bypassed:
                Add(SpentPromptTokens, record);
                break;
        }
    }

    public void AddTo(CounterSum sum)
    {
        for (var slot = 0; slot < Slots; slot++) sum.Slots[slot] += Interlocked.Read(ref _slots[Padding + slot]);
        Hits.AddTo(sum.Hits);
        Misses.AddTo(sum.Misses);
    }

    private void Add(int firstOfThree, in RequestRecord record)
    {
        Add(firstOfThree, record.Usage.PromptTokens);
        Add(firstOfThree + 1, record.Usage.CompletionTokens);
        Add(firstOfThree + 2, record.UpstreamMilliseconds);
    }

    private void Add(int slot, long value)
    {
        if (value > 0) Interlocked.Add(ref _slots[Padding + slot], value);
    }
}

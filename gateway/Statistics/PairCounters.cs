namespace OrleansCache.Gateway.Statistics;

/// <summary>The counters of one model and API key.</summary>
internal sealed class PairCounters(string model, string apiKey, int stripes)
{
    private readonly CounterStripe?[] _stripes = new CounterStripe?[stripes];

    /// <summary>The stripe of the processor that asks; made when first used.</summary>
    public CounterStripe Stripe
    {
        get
        {
            ref var stripe = ref _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)];
            return Volatile.Read(ref stripe) ?? Make(ref stripe);
        }
    }

    public void AddTo(CounterSum sum)
    {
        foreach (ref var stripe in _stripes.AsSpan()) Volatile.Read(ref stripe)?.AddTo(sum);
    }

    public PairSum Sum()
    {
        var sum = new CounterSum();
        AddTo(sum);
        return new PairSum(model, apiKey, sum);
    }

    private static CounterStripe Make(ref CounterStripe? stripe)
    {
        var made = new CounterStripe();
        return Interlocked.CompareExchange(ref stripe, made, null) ?? made;
    }
}

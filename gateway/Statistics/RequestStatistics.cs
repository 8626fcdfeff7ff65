using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Statistics;

/// <summary>
/// Counts every request by model and API key: where answers came from, what they saved and cost, how long they took.
/// </summary>
/// <remarks>
/// <see cref="Record"/> is on the path of every hit: no lock, no allocation once a pair of model and key is known, a handful of
/// interlocked additions on counters that are striped by processor. Sums, percentiles and money are worked out when somebody reads.
/// </remarks>
public sealed class RequestStatistics : IDisposable
{
    /// <summary>How many pairs of model and API key are told apart; the rest is counted under <see cref="Other"/>.</summary>
    public const int MaxPairs = 1_000;

    /// <summary>The name under which models and keys beyond the bound are counted.</summary>
    public const string Other = "other";

    /// <summary>The name of a model or key that is not known.</summary>
    public const string None = "none";

    private readonly ConcurrentDictionary<PairName, PairCounters> _pairs = new();
    private readonly PairCounters _other;
    private readonly int _stripes;
    private readonly PriceOptions _prices;
    private readonly GatewayMetrics? _metrics;
    private readonly RecentWindow _recent;
    private int _count;

    /// <summary>Starts counting at zero.</summary>
    /// <param name="clock">Drives the recent window.</param>
    /// <param name="prices">What tokens cost.</param>
    /// <param name="metrics">Where the same numbers are published; null publishes nothing.</param>
    public RequestStatistics(TimeProvider clock, IOptions<PriceOptions> prices, GatewayMetrics? metrics = null)
        : this(clock, prices, metrics, StripesOfThisMachine)
    {
    }

    internal RequestStatistics(TimeProvider clock, IOptions<PriceOptions> prices, GatewayMetrics? metrics, int stripes)
    {
        _prices = prices.Value;
        _metrics = metrics;
        _stripes = stripes;
        _other = new PairCounters(Other, Other, stripes);
        _recent = new RecentWindow(clock, Total);
        StartedAt = clock.GetUtcNow();
        metrics?.Observe(this);
    }

    /// <summary>Since when is counted.</summary>
    public DateTimeOffset StartedAt { get; }

    private static int StripesOfThisMachine => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 8));

    /// <summary>Counts one request. Safe from any thread; never throws.</summary>
    public void Record(in RequestRecord record)
    {
        var pair = Find(record);
        var outcome = OutcomeOf(record);
        pair.Stripe.Count(outcome, record);
        _metrics?.RecordDuration(outcome, record.Elapsed);
    }

    /// <inheritdoc/>
    public void Dispose() => _recent.Dispose();

    /// <summary>What was counted until now. Each number is exact; requests in progress may be in one and not yet in another.</summary>
    public StatisticsSnapshot Read() => StatisticsSnapshot.Of(StartedAt, Sums(), _recent.Read(), _prices);

    internal IEnumerable<PairSum> Sums() => _pairs.Values.Append(_other).Select(static pair => pair.Sum());

    private CounterSum Total()
    {
        var total = new CounterSum();
        foreach (var pair in _pairs.Values) pair.AddTo(total);
        _other.AddTo(total);
        return total;
    }

    private static Outcome OutcomeOf(in RequestRecord record) => record switch
    {
        { Status: >= 500 } => Outcome.ServerError,
        { Status: >= 400 } => Outcome.ClientError,
        { Source: CacheSource.Hit } => Outcome.Hit,
        { Source: CacheSource.Coalesced } => Outcome.Joined,
        { Source: CacheSource.Miss } => Outcome.Miss,
        { Source: CacheSource.Stale } => Outcome.Stale,
        _ => Outcome.Bypassed,
    };

    private PairCounters Find(in RequestRecord record)
    {
        var name = new PairName(record.Model is { Length: > 0 } model ? model : None, record.ApiKey is { Length: > 0 } key ? key : None);
        return _pairs.TryGetValue(name, out var pair) ? pair : FindOrAdd(name, record.Status < 400);
    }

    /// <remarks>
    /// A model's name is the caller's to choose, so one that only ever failed gets no counters of its own: nobody can use up the pairs
    /// with invented names. Its requests stay visible under their key.
    /// </remarks>
    private PairCounters FindOrAdd(PairName name, bool answered)
    {
        if (answered && Volatile.Read(ref _count) < MaxPairs) return Add(name);
        var byKey = name with { Model = name.Model == None ? None : Other };
        if (_pairs.TryGetValue(byKey, out var pair)) return pair;
        return Volatile.Read(ref _count) < 2 * MaxPairs ? Add(byKey) : _other;
    }

    private PairCounters Add(PairName name)
    {
        var added = new PairCounters(name.Model, name.ApiKey, _stripes);
        var kept = _pairs.GetOrAdd(name, added);
        if (ReferenceEquals(kept, added)) Interlocked.Increment(ref _count);
        return kept;
    }

    private readonly record struct PairName(string Model, string ApiKey);
}

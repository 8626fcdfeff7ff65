using System.Diagnostics.Metrics;

namespace OrleansCache.Gateway.Statistics;

/// <summary>
/// Meter <c>OrleansCache.Gateway</c>. The counters are read from <see cref="RequestStatistics"/> when somebody collects, so that a
/// request pays for the duration histogram alone. No API key and no prompt is a tag; models are bounded as the statistics bound them.
/// </summary>
public sealed class GatewayMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrleansCache.Gateway";

    private static readonly string[] Results = ["hit", "coalesced", "miss", "bypass", "stale", "error", "error"];
    private static readonly string[] StatusClasses = ["2xx", "2xx", "2xx", "2xx", "2xx", "4xx", "5xx"];

    private static readonly string[] TokenKinds = ["input", "output"];

    private readonly Meter _meter;
    private readonly Histogram<double> _duration;

    /// <summary>Makes the instruments.</summary>
    public GatewayMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _duration = _meter.CreateHistogram(
            "orleanscache.gateway.request.duration",
            "s",
            "Time to answer a request",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries =
                    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
            });
    }

    internal void RecordDuration(Outcome outcome, TimeSpan elapsed)
    {
        if (_duration.Enabled)
            _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("cache.result", Results[(int)outcome]));
    }

    internal void Observe(RequestStatistics statistics)
    {
        _meter.CreateObservableCounter(
            "orleanscache.gateway.requests", () => RequestsOf(statistics), "{request}", "Requests by cache result, status class and model");
        _meter.CreateObservableCounter(
            "orleanscache.gateway.saved.tokens",
            () => Tokens(statistics, CounterStripe.SavedPromptTokens),
            "{token}",
            "Tokens that hits, joined and stale answers did not ask of the upstream");
        _meter.CreateObservableCounter(
            "orleanscache.gateway.spent.tokens",
            () => Tokens(statistics, CounterStripe.SpentPromptTokens),
            "{token}",
            "Tokens that misses and bypasses asked of the upstream");
        _meter.CreateObservableCounter(
            "orleanscache.gateway.saved.upstream_time",
            () => statistics.Sums().Sum(static pair => pair.Sum[CounterStripe.SavedMilliseconds]) / 1000.0,
            "s",
            "Upstream time that hits, joined and stale answers did not take");
    }

    private static IEnumerable<Measurement<long>> RequestsOf(RequestStatistics statistics) =>
        from byModel in ByModel(statistics)
        from outcome in Enum.GetValues<Outcome>()
        where byModel.Value[outcome] > 0
        select new Measurement<long>(
            byModel.Value[outcome],
            new("cache.result", Results[(int)outcome]),
            new("http.response.status_class", StatusClasses[(int)outcome]),
            new("gen_ai.request.model", byModel.Key));

    private static IEnumerable<Measurement<long>> Tokens(RequestStatistics statistics, int slot) =>
        from byModel in ByModel(statistics)
        from kind in TokenKinds
        let tokens = byModel.Value[kind == "input" ? slot : slot + 1]
        where tokens > 0
        select new Measurement<long>(tokens, new("gen_ai.token.type", kind), new("gen_ai.request.model", byModel.Key));

    private static Dictionary<string, CounterSum> ByModel(RequestStatistics statistics)
    {
        var models = new Dictionary<string, CounterSum>(StringComparer.Ordinal);
        foreach (var pair in statistics.Sums())
        {
            if (models.TryGetValue(pair.Model, out var sum)) sum.Add(pair.Sum);
            else models[pair.Model] = pair.Sum;
        }

        return models;
    }
}

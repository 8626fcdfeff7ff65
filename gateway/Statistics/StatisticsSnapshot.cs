namespace OrleansCache.Gateway.Statistics;

/// <summary>The statistics at one moment.</summary>
/// <param name="StartedAt">Since when is counted.</param>
/// <param name="Total">Everything since then.</param>
/// <param name="Recent">The last minutes.</param>
/// <param name="RecentLength">How long those are: five minutes, or less after the start.</param>
/// <param name="Models">By model, most requests first.</param>
/// <param name="ApiKeys">By API key, most requests first.</param>
public sealed record StatisticsSnapshot(
    DateTimeOffset StartedAt,
    RequestTotals Total,
    RequestTotals Recent,
    TimeSpan RecentLength,
    IReadOnlyList<NamedTotals> Models,
    IReadOnlyList<NamedTotals> ApiKeys)
{
    internal static StatisticsSnapshot Of(
        DateTimeOffset startedAt, IEnumerable<PairSum> sums, (CounterSum Sum, TimeSpan Length) recent, PriceOptions prices)
    {
        var pairs = sums.Where(static pair => pair.Sum.Requests > 0).ToList();
        return new StatisticsSnapshot(
            startedAt,
            TotalsOf(pairs, prices),
            RequestTotals.Of(recent.Sum, money: null),
            recent.Length,
            GroupBy(pairs, static pair => pair.Model, prices),
            GroupBy(pairs, static pair => pair.ApiKey, prices));
    }

    private static List<NamedTotals> GroupBy(List<PairSum> pairs, Func<PairSum, string> name, PriceOptions prices) =>
        [.. pairs.GroupBy(name)
            .Select(group => new NamedTotals(group.Key, TotalsOf([.. group], prices)))
            .OrderByDescending(static named => named.Totals.Requests)
            .ThenBy(static named => named.Name, StringComparer.Ordinal)];

    private static RequestTotals TotalsOf(List<PairSum> pairs, PriceOptions prices)
    {
        var sum = new CounterSum();
        var money = new Money();
        foreach (var pair in pairs)
        {
            sum.Add(pair.Sum);
            money.Add(pair, prices.Find(pair.Model));
        }

        return RequestTotals.Of(sum, money);
    }
}

/// <summary>The totals of one model or one API key.</summary>
public sealed record NamedTotals(string Name, RequestTotals Totals);

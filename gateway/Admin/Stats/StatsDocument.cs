using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Admin.Requests;
using OrleansCache.Gateway.Statistics;

namespace OrleansCache.Gateway.Admin.Stats;

/// <summary>The answer of <c>GET /admin/stats</c>.</summary>
internal sealed record StatsDocument(
    string Started,
    double UptimeSeconds,
    TotalsSection Total,
    double RecentSeconds,
    TotalsSection Recent,
    IReadOnlyList<ModelSection> Models,
    IReadOnlyList<ApiKeySection> ApiKeys,
    MemoryUse Memory,
    StoreSection Store)
{
    public static StatsDocument Of(StatisticsSnapshot snapshot, DateTimeOffset now, MemoryUse memory, StoreSection store) => new(
        AdminJson.Time(snapshot.StartedAt),
        (now - snapshot.StartedAt).TotalSeconds,
        TotalsSection.Of(snapshot.Total),
        snapshot.RecentLength.TotalSeconds,
        TotalsSection.Of(snapshot.Recent),
        [.. snapshot.Models.Select(static named => new ModelSection(named.Name, TotalsSection.Of(named.Totals)))],
        [.. snapshot.ApiKeys.Select(static named => new ApiKeySection(named.Name, TotalsSection.Of(named.Totals)))],
        memory,
        store);
}

internal sealed record ModelSection(string Model, TotalsSection Total);

internal sealed record ApiKeySection(string ApiKey, TotalsSection Total);

/// <summary>What the store holds, or why that is not known.</summary>
internal sealed record StoreSection(bool Available, string? Error, long? Entries, long? Bytes, IReadOnlyList<ModelStatistics>? Models);

internal sealed record TotalsSection(
    long Requests,
    long Hits,
    long Joined,
    long Misses,
    long Bypassed,
    long Stale,
    long ClientErrors,
    long ServerErrors,
    double? HitRate,
    SpendingSection Saved,
    SpendingSection Spent,
    LatencySection HitLatencyMs,
    LatencySection MissLatencyMs)
{
    public static TotalsSection Of(RequestTotals totals) => new(
        totals.Requests,
        totals.Hits,
        totals.Joined,
        totals.Misses,
        totals.Bypassed,
        totals.Stale,
        totals.ClientErrors,
        totals.ServerErrors,
        totals.HitRate,
        SpendingSection.Of(totals.Saved),
        SpendingSection.Of(totals.Spent),
        LatencySection.Of(totals.HitLatency),
        LatencySection.Of(totals.MissLatency));
}

internal sealed record SpendingSection(long PromptTokens, long CompletionTokens, double UpstreamSeconds, decimal? Money, bool Priced)
{
    public static SpendingSection Of(Spending spending) => new(
        spending.PromptTokens, spending.CompletionTokens, spending.UpstreamTime.TotalSeconds, spending.Money, spending.Priced);
}

internal sealed record LatencySection(double? P50, double? P90, double? P99, double? P999)
{
    public static LatencySection Of(LatencyPercentiles latency) => new(
        latency.P50?.TotalMilliseconds, latency.P90?.TotalMilliseconds, latency.P99?.TotalMilliseconds, latency.P999?.TotalMilliseconds);
}

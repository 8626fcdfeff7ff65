using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansCache.Core.Storage;

/// <summary>Measures the store: meter <c>OrleansCache.Storage</c>. No key, scope or model is ever a tag.</summary>
public sealed class StorageMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrleansCache.Storage";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    };

    private readonly Meter _meter;
    private readonly Histogram<double> _reads;
    private readonly Histogram<double> _writes;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _commits;
    private readonly Counter<long> _committed;
    private readonly Counter<long> _deleted;

    /// <summary>Creates the instruments.</summary>
    public StorageMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _reads = _meter.CreateHistogram("orleanscache.store.read.duration", "s", "Reads by outcome.", advice: Seconds);
        _writes = _meter.CreateHistogram("orleanscache.store.write.duration", "s", "Writes by outcome.", advice: Seconds);
        _retries = _meter.CreateCounter<long>("orleanscache.store.retries", "{entry}", "Writes from the retry queue by outcome.");
        _commits = _meter.CreateCounter<long>("orleanscache.store.commits", "{commit}", "Transactions of the writer.");
        _committed = _meter.CreateCounter<long>("orleanscache.store.commit.writes", "{write}", "Writes in those transactions.");
        _deleted = _meter.CreateCounter<long>("orleanscache.store.deleted", "{entry}", "Entries deleted, by reason.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Read(bool available, bool found, TimeSpan took) =>
        _reads.Record(took.TotalSeconds, Outcome(!available ? "unavailable" : found ? "hit" : "miss"));

    internal void Written(StoreWrite outcome, TimeSpan took) => _writes.Record(took.TotalSeconds, Outcome(Name(outcome)));

    internal void Retried(StoreWrite outcome) => _retries.Add(1, Outcome(Name(outcome)));

    internal void Committed(int writes)
    {
        _commits.Add(1);
        _committed.Add(writes);
    }

    internal void Swept(long entries) => _deleted.Add(entries, new KeyValuePair<string, object?>("reason", "expired"));

    internal void Purged(long entries) => _deleted.Add(entries, new KeyValuePair<string, object?>("reason", "purged"));

    internal void Observe(IStoreHealth health)
    {
        _meter.CreateObservableGauge(
            "orleanscache.store.queue.entries", () => health.QueuedEntries, "{entry}", "Entries in the retry queue.");
        _meter.CreateObservableGauge("orleanscache.store.queue.bytes", () => health.QueuedBytes, "By", "Bytes in the retry queue.");
        _meter.CreateObservableGauge("orleanscache.store.available", () => Availability(health), "1", "1 while calls are let through.");
    }

    private static Measurement<int>[] Availability(IStoreHealth health) =>
    [
        new(health.IsReadable ? 1 : 0, new KeyValuePair<string, object?>("operation", "read")),
        new(health.IsWritable ? 1 : 0, new KeyValuePair<string, object?>("operation", "write")),
    ];

    private static TagList Outcome(string outcome) => new([new("outcome", outcome)]);

    private static string Name(StoreWrite outcome) => outcome switch
    {
        StoreWrite.Stored => "stored",
        StoreWrite.Deferred => "deferred",
        _ => "dropped",
    };
}

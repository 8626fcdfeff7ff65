using System.Diagnostics.Metrics;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;
using OrleansCache.Storage.Tests.Guard;

namespace OrleansCache.Storage.Tests;

public sealed class StorageMetricsTests : GuardTests
{
    [Fact]
    public async Task Calls_OfEveryOutcome_AreCountedWithoutNamingWhatWasAsked()
    {
        var outcomes = new List<string>();
        var values = new List<string>();
        using var listener = new MeterListener();
        // Other tests have meters of the same name; this one's is told by the factory's scope.
        var metrics = StoreParts.Metrics(out var scope);
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == scope) l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(instrument, tags));
        listener.Start();
        var guard = StoreParts.Guard(Store, Clock, metrics: metrics);

        await guard.PutAsync(Entry("secret"), default).Soon();
        await guard.GetAsync(Entries.Key("other"), default).Soon();
        await guard.OpenAsync(default);
        await guard.RecoverAsync(default).Soon();
        await guard.GetAsync(Entries.Key("secret"), default).Soon();
        await guard.GetAsync(Entries.Key("other"), default).Soon();
        await guard.PutAsync(Entry("more"), default).Soon();
        await guard.PurgeAsync(new EntryFilter(), default).Soon();
        Store.OnPut = _ => throw new StoreException("no", isTransient: false);
        await guard.PutAsync(Entry("bad"), default).Soon();
        listener.RecordObservableInstruments();

        outcomes.ShouldBe(
        [
            "orleanscache.store.write.duration deferred", "orleanscache.store.read.duration unavailable",
            "orleanscache.store.retries stored", "orleanscache.store.read.duration hit", "orleanscache.store.read.duration miss",
            "orleanscache.store.write.duration stored", "orleanscache.store.deleted purged", "orleanscache.store.write.duration dropped",
            "orleanscache.store.queue.entries ", "orleanscache.store.queue.bytes ",
            "orleanscache.store.available read", "orleanscache.store.available write",
        ], ignoreOrder: true);
        values.ShouldAllBe(v => v.Length < 12);

        void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            outcomes.Add($"{instrument.Name} {(tags.Length > 0 ? tags[0].Value : "")}");
            foreach (var tag in tags) values.Add($"{tag.Value}");
        }
    }
}

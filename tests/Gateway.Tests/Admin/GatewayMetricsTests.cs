using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Statistics;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class GatewayMetricsTests
{
    [Fact]
    public void Collect_AfterRequests_GivesCountsWithoutApiKeys()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = services.GetRequiredService<IMeterFactory>();
        using var statistics = new RequestStatistics(new ManualClock(), Options.Create(new PriceOptions()), new GatewayMetrics(factory));
        var seen = new List<(string Name, double Value, string Tags)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == GatewayMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, factory)) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => seen.Add((i.Name, value, Join(tags))));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => seen.Add((i.Name, value, Join(tags))));
        listener.Start();

        statistics.Record(RequestStatisticsTests.Request("m", "secret-name", CacheSource.Hit));
        statistics.Record(RequestStatisticsTests.Request("m", "other-name", CacheSource.Hit));
        statistics.Record(RequestStatisticsTests.Request("m", "other-name", CacheSource.Miss, 503));
        listener.RecordObservableInstruments();

        seen.ShouldContain(("orleanscache.gateway.requests", 2, "cache.result=hit,http.response.status_class=2xx,gen_ai.request.model=m"));
        seen.ShouldContain(("orleanscache.gateway.requests", 1, "cache.result=error,http.response.status_class=5xx,gen_ai.request.model=m"));
        seen.ShouldContain(("orleanscache.gateway.saved.tokens", 40, "gen_ai.token.type=output,gen_ai.request.model=m"));
        seen.ShouldContain(("orleanscache.gateway.saved.upstream_time", 1, ""));
        seen.Count(s => s.Name == "orleanscache.gateway.request.duration" && s.Tags == "cache.result=hit" && s.Value == 0.001).ShouldBe(2);
        seen.ShouldAllBe(s => !s.Tags.Contains("-name", StringComparison.Ordinal));
    }

    private static string Join(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
}

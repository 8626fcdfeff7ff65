using System.Text.Json;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class AdminStatsTests
{
    [Fact]
    public async Task Stats_AfterRequests_TellsRatesSavingsMemoryAndStore()
    {
        await using var host = await AdminHost.StartAsync(
            ("Prices:0:Model", "gpt*"), ("Prices:0:InputPerMillion", "1000"), ("Prices:0:OutputPerMillion", "2000"));
        await host.StoreAsync("""{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}""");
        host.Statistics.Record(RequestStatisticsTests.Request("gpt-4o", "team", CacheSource.Hit));
        host.Statistics.Record(RequestStatisticsTests.Request("gpt-4o", "team", CacheSource.Miss, elapsed: TimeSpan.FromSeconds(1)));
        host.Clock.Advance(TimeSpan.FromSeconds(90));

        var stats = (await host.GetAsync("/admin/stats")).ShouldBeOk();

        var total = stats.GetProperty("total");
        (total.Number("requests"), total.Number("hits"), total.Number("misses"), total.Number("joined")).ShouldBe((2, 1, 1, 0));
        total.GetProperty("hit_rate").GetDouble().ShouldBe(0.5);
        var saved = total.GetProperty("saved");
        (saved.Number("prompt_tokens"), saved.Number("completion_tokens")).ShouldBe((10, 20));
        saved.GetProperty("money").GetDecimal().ShouldBe(0.05m);
        saved.GetProperty("priced").GetBoolean().ShouldBeTrue();
        saved.GetProperty("upstream_seconds").GetDouble().ShouldBe(0.5);
        total.GetProperty("miss_latency_ms").GetProperty("p99").GetDouble().ShouldBe(1000, 16);
        stats.GetProperty("uptime_seconds").GetDouble().ShouldBe(90);
        stats.GetProperty("recent").GetProperty("saved").GetProperty("money").ValueKind.ShouldBe(JsonValueKind.Null);
        stats.GetProperty("models")[0].Text("model").ShouldBe("gpt-4o");
        stats.GetProperty("api_keys")[0].Text("api_key").ShouldBe("team");
        stats.GetProperty("memory").Number("capacity_bytes").ShouldBe(2_000);
        var store = stats.GetProperty("store");
        store.GetProperty("available").GetBoolean().ShouldBeTrue();
        store.Number("entries").ShouldBe(1);
        store.GetProperty("models")[0].Text("scope").ShouldBe("default");
    }

    [Fact]
    public async Task Stats_WithTheStoreDown_TellsTheRest()
    {
        await using var host = await AdminHost.StartAsync();
        host.Store.Fails = true;

        var stats = (await host.GetAsync("/admin/stats")).ShouldBeOk();

        stats.GetProperty("store").GetProperty("available").GetBoolean().ShouldBeFalse();
        stats.GetProperty("store").Text("error").ShouldBe("The store is gone.");
        stats.GetProperty("total").Number("requests").ShouldBe(0);
    }

    [Fact]
    public async Task Stats_WithAStoreThatHangs_AnswersAtTheDeadline()
    {
        await using var host = await AdminHost.StartAsync(("Admin:StoreDeadline", "00:00:03"));
        host.Store.Hangs = true;

        var asked = host.GetAsync("/admin/stats");
        await host.Store.Asked.WaitAsync(TimeSpan.FromSeconds(30));
        host.Clock.Advance(TimeSpan.FromSeconds(3));

        var stats = (await asked.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeOk();
        stats.GetProperty("store").Text("error").ShouldContain("within 3 seconds");
    }

    [Fact]
    public async Task Stats_WithAParameter_IsRefused()
    {
        await using var host = await AdminHost.StartAsync();

        (await host.GetAsync("/admin/stats?window=5m")).ShouldBeError(400, "unknown_parameter");
    }
}

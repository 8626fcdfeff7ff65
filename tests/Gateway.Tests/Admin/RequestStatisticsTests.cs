using Microsoft.Extensions.Options;
using OrleansCache.Core.Prompts;
using OrleansCache.Gateway.Statistics;
using OrleansCache.Testing;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class RequestStatisticsTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Record_FromManyThreads_CountsEveryRequestOnce()
    {
        const int threads = 8, each = 20_000;
        using var statistics = Make();
        using var start = new Barrier(threads);
        var sources = new CacheSource?[] { CacheSource.Hit, CacheSource.Coalesced, CacheSource.Miss, CacheSource.Bypass, CacheSource.Stale };

        await Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Wait);
                for (var i = 0; i < each; i++)
                    statistics.Record(Request($"m{i % 3}", $"k{thread % 2}", sources[i % 5], elapsed: TimeSpan.FromTicks(i)));
            },
            TaskCreationOptions.LongRunning))).WaitAsync(Wait);

        var read = statistics.Read();
        const int all = threads * each;
        read.Total.Requests.ShouldBe(all);
        new[] { read.Total.Hits, read.Total.Joined, read.Total.Misses, read.Total.Bypassed, read.Total.Stale }.ShouldAllBe(n => n == all / 5);
        read.Total.Saved.ShouldBe(new Spending(10 * all * 3 / 5, 20 * all * 3 / 5, TimeSpan.FromMilliseconds(500L * all * 3 / 5), 0, Priced: false));
        read.Total.Spent.PromptTokens.ShouldBe(10 * all * 2 / 5);
        read.Models.Sum(m => m.Totals.Requests).ShouldBe(all);
        read.ApiKeys.Select(k => (k.Name, k.Totals.Requests)).ShouldBe([("k0", all / 2), ("k1", all / 2)]);
    }

    [Theory]
    [InlineData(CacheSource.Hit, 200, 1, 0, 0)]
    [InlineData(CacheSource.Miss, 200, 0, 1, 0)]
    [InlineData(CacheSource.Miss, 502, 0, 0, 1)]
    [InlineData(CacheSource.Coalesced, 429, 0, 0, 1)]
    [InlineData(null, 400, 0, 0, 1)]
    public void Record_Outcome_IsDecidedByStatusThenSource(CacheSource? source, int status, long hits, long misses, long errors)
    {
        using var statistics = Make();

        statistics.Record(Request("m", "k", source, status));

        var total = statistics.Read().Total;
        (total.Requests, total.Hits, total.Misses, total.ClientErrors + total.ServerErrors).ShouldBe((1, hits, misses, errors));
        if (errors == 1) (total.Saved.PromptTokens + total.Spent.PromptTokens).ShouldBe(0);
    }

    [Fact]
    public void HitRate_OfHitsJoinedStaleAndMisses_LeavesOutBypassesAndErrors()
    {
        using var statistics = Make();
        statistics.Read().Total.HitRate.ShouldBeNull();
        foreach (var source in new CacheSource?[] { CacheSource.Hit, CacheSource.Coalesced, CacheSource.Stale, CacheSource.Miss, CacheSource.Bypass })
            statistics.Record(Request("m", "k", source));
        statistics.Record(Request("m", "k", CacheSource.Miss, 500));

        statistics.Read().Total.HitRate.ShouldBe(0.75);
    }

    [Fact]
    public void Record_OfAKnownPair_AllocatesNothing()
    {
        using var statistics = new RequestStatistics(_clock, Options.Create(new PriceOptions()), null, stripes: 1);
        var hit = Request("m", "k", CacheSource.Hit);
        for (var i = 0; i < 100; i++) statistics.Record(hit);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) statistics.Record(hit);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBe(0);
        statistics.Read().Total.Hits.ShouldBe(10_100);
    }

    [Fact]
    public void Record_BeyondTheBoundOfPairs_CountsUnderOther()
    {
        using var statistics = Make();
        const int more = 50;

        for (var i = 0; i < RequestStatistics.MaxPairs + more; i++) statistics.Record(Request($"m{i}", "k", CacheSource.Hit));

        var read = statistics.Read();
        read.Models.Count.ShouldBe(RequestStatistics.MaxPairs + 1);
        read.Models.Single(m => m.Name == RequestStatistics.Other).Totals.Hits.ShouldBe(more);
        read.ApiKeys.Single().Totals.Hits.ShouldBe(RequestStatistics.MaxPairs + more);
    }

    [Fact]
    public void Record_OfInventedModelsThatFail_LeavesRoomForRealOnes()
    {
        using var statistics = Make();

        for (var i = 0; i < 5 * RequestStatistics.MaxPairs; i++) statistics.Record(Request($"invented{i}", "k", CacheSource.Miss, 404));
        statistics.Record(Request("real", "k", CacheSource.Hit));

        statistics.Read().Models.Select(m => m.Name).ShouldBe([RequestStatistics.Other, "real"]);
    }

    [Fact]
    public void Record_WithoutModelOrKey_CountsUnderNone()
    {
        using var statistics = Make();

        statistics.Record(Request("", "", null, 401));

        var read = statistics.Read();
        read.Models.Single().Name.ShouldBe(RequestStatistics.None);
        read.ApiKeys.Single().Name.ShouldBe(RequestStatistics.None);
    }

    [Fact]
    public void Recent_HoldsTheLastFiveMinutesOnly()
    {
        using var statistics = Make();
        statistics.Record(Request("m", "k", CacheSource.Miss));
        _clock.Advance(TimeSpan.FromMinutes(3));
        statistics.Record(Request("m", "k", CacheSource.Hit));
        statistics.Read().Recent.Requests.ShouldBe(2);

        _clock.Advance(TimeSpan.FromMinutes(3));

        var read = statistics.Read();
        (read.Recent.Requests, read.Recent.Hits, read.Total.Requests).ShouldBe((1, 1, 2));
        read.RecentLength.ShouldBeInRange(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5.5));
        _clock.Advance(TimeSpan.FromMinutes(10));
        statistics.Read().Recent.Requests.ShouldBe(0);
    }

    [Fact]
    public void Money_OfPricedModels_IsExact()
    {
        using var statistics = Make(
            new ModelPrice { Model = "gpt-4o-mini", InputPerMillion = 0.15m, OutputPerMillion = 0.6m },
            new ModelPrice { Model = "gpt-4o*", InputPerMillion = 2.5m, OutputPerMillion = 10m });
        for (var i = 0; i < 1_000; i++)
        {
            statistics.Record(Request("gpt-4o-mini", "k", CacheSource.Hit));
            statistics.Record(Request("gpt-4o-2024-08-06", "k", CacheSource.Miss));
        }

        var total = statistics.Read().Total;

        total.Saved.Money.ShouldBe(((10_000 * 0.15m) + (20_000 * 0.6m)) / 1_000_000);
        total.Spent.Money.ShouldBe(((10_000 * 2.5m) + (20_000 * 10m)) / 1_000_000);
        total.Saved.Priced.ShouldBeTrue();
    }

    [Fact]
    public void Money_WithAModelWithoutPrice_SaysSo()
    {
        using var statistics = Make(new ModelPrice { Model = "priced", InputPerMillion = 1 });
        statistics.Record(Request("priced", "k1", CacheSource.Hit));
        statistics.Record(Request("unknown", "k2", CacheSource.Hit));

        var read = statistics.Read();

        read.Total.Saved.Priced.ShouldBeFalse();
        read.Total.Saved.Money.ShouldBe(0.00001m);
        read.ApiKeys.Select(k => (k.Name, k.Totals.Saved.Priced)).ShouldBe([("k1", true), ("k2", false)]);
    }

    [Theory]
    [InlineData("", 1, 1, "Prices:0:Model")]
    [InlineData("a*b", 1, 1, "Prices:0:Model")]
    [InlineData("m", null, 1, "Prices:0:InputPerMillion is missing")]
    [InlineData("m", -1, 1, "Prices:0:InputPerMillion is -1")]
    [InlineData("m", 1, 1_000_001, "Prices:0:OutputPerMillion is 1000001")]
    [InlineData("m*", 0, 1_000_000, null)]
    public void Prices_OutOfBounds_AreNamed(string model, int? input, int output, string? fault)
    {
        var options = new PriceOptions { Prices = [new ModelPrice { Model = model, InputPerMillion = input, OutputPerMillion = output }] };

        var result = new PriceOptionsValidator().Validate(null, options);

        result.Succeeded.ShouldBe(fault is null);
        if (fault is not null) result.FailureMessage!.ShouldContain(fault);
    }

    internal static RequestRecord Request(
        string model, string key, CacheSource? source, int status = 200, TimeSpan? elapsed = null) =>
        new(model, key, source, status, elapsed ?? TimeSpan.FromMilliseconds(1), new TokenUsage(10, 20), 500);

    private RequestStatistics Make(params ModelPrice[] prices) => new(_clock, Options.Create(new PriceOptions { Prices = [.. prices] }));
}

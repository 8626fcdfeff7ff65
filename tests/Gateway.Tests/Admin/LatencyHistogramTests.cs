using OrleansCache.Gateway.Statistics;

namespace OrleansCache.Gateway.Tests.Admin;

public sealed class LatencyHistogramTests
{
    private const double ErrorBound = 1.0 / 64;

    [Fact]
    public void Percentile_OfEverySingleDuration_IsWithinItsBound()
    {
        for (double ticks = 1; ticks < TimeSpan.FromMinutes(110).Ticks; ticks *= 1.0117)
        {
            var histogram = new LatencyHistogram();
            histogram.Record(TimeSpan.FromTicks((long)ticks));

            var read = LatencyHistogram.Percentile(Sum(histogram), 0.5)!.Value.Ticks;

            Math.Abs(read - (long)ticks).ShouldBeLessThanOrEqualTo((long)Math.Ceiling(ticks * ErrorBound), $"of {ticks} ticks");
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(0.999)]
    public void Percentile_OfAHeavyTail_IsWithinItsBoundOfTheSortedValue(double share)
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        var values = Enumerable.Range(0, 50_000).Select(_ => (long)(1_000 / Math.Pow(1 - random.NextDouble(), 0.8))).Order().ToArray();
        foreach (var value in values) histogram.Record(TimeSpan.FromTicks(value));
        var exact = values[(int)Math.Ceiling(share * values.Length) - 1];

        var read = LatencyHistogram.Percentile(Sum(histogram), share)!.Value.Ticks;

        ((double)Math.Abs(read - exact) / exact).ShouldBeLessThanOrEqualTo(ErrorBound + 0.001);
    }

    [Fact]
    public void Percentile_OfNothing_IsNull() => LatencyHistogram.Percentile(Sum(new LatencyHistogram()), 0.99).ShouldBeNull();

    [Theory]
    [InlineData(-5L)]
    [InlineData(0L)]
    [InlineData(long.MaxValue)]
    public void Record_OutOfRange_IsCountedAtTheEdge(long ticks)
    {
        var histogram = new LatencyHistogram();

        histogram.Record(TimeSpan.FromTicks(ticks));

        var sum = Sum(histogram);
        sum.Sum().ShouldBe(1);
        sum[ticks <= 0 ? 0 : ^1].ShouldBe(1);
    }

    private static long[] Sum(LatencyHistogram histogram)
    {
        var sum = new long[LatencyHistogram.Buckets];
        histogram.AddTo(sum);
        return sum;
    }
}

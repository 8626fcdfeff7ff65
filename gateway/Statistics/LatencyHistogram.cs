using System.Numerics;

namespace OrleansCache.Gateway.Statistics;

/// <summary>
/// A log-linear histogram of durations, after Gil Tene's HdrHistogram: every power of two is cut into <see cref="SubBuckets"/> equal
/// buckets, so a bucket is at most 1/32 of its values wide. A percentile is reported as its bucket's middle: at most 1/64 (1.6 %)
/// off, from 3.2 µs (exact to 0.1 µs below) to 114 minutes (longer counts as that).
/// </summary>
/// <remarks>Recording is one interlocked increment. A row of buckets is allocated when its power of two is first seen.</remarks>
internal sealed class LatencyHistogram
{
    public const int SubBuckets = 32;
    public const int Rows = 32;
    public const int Buckets = Rows * SubBuckets;
    private const int SubBucketBits = 5;
    private const long MaxTicks = (1L << (Rows - 1 + SubBucketBits)) - 1;

    private readonly long[]?[] _rows = new long[]?[Rows];

    public void Record(TimeSpan elapsed)
    {
        var bucket = BucketOf(elapsed.Ticks);
        ref var row = ref _rows[bucket >> SubBucketBits];
        var buckets = Volatile.Read(ref row) ?? Make(ref row);
        Interlocked.Increment(ref buckets[bucket & (SubBuckets - 1)]);
    }

    public void AddTo(long[] sum)
    {
        for (var r = 0; r < Rows; r++)
        {
            if (Volatile.Read(ref _rows[r]) is not { } buckets) continue;
            for (var b = 0; b < SubBuckets; b++) sum[(r * SubBuckets) + b] += Interlocked.Read(ref buckets[b]);
        }
    }

    /// <summary>The smallest duration that at least the given share of the values does not exceed; null of no values.</summary>
    /// <param name="buckets">Counts by bucket.</param>
    /// <param name="share">0 to 1: 0.99 is the 99th percentile.</param>
    public static TimeSpan? Percentile(long[] buckets, double share)
    {
        var total = buckets.Sum();
        if (total == 0) return null;
        var rank = Math.Max(1, (long)Math.Ceiling(share * total));
        var bucket = -1;
        for (long seen = 0; seen < rank;) seen += buckets[++bucket];
        return MiddleOf(bucket);
    }

    private static int BucketOf(long ticks)
    {
        var value = Math.Clamp(ticks, 0, MaxTicks);
        if (value < SubBuckets) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBucketBits;
        return ((shift + 1) * SubBuckets) + (int)(value >> shift) - SubBuckets;
    }

    private static TimeSpan MiddleOf(int bucket)
    {
        var row = bucket >> SubBucketBits;
        if (row == 0) return TimeSpan.FromTicks(bucket);
        var shift = row - 1;
        var lowest = ((long)SubBuckets + (bucket & (SubBuckets - 1))) << shift;
        return TimeSpan.FromTicks(lowest + ((1L << shift) / 2));
    }

    private static long[] Make(ref long[]? row)
    {
        var made = new long[SubBuckets];
        return Interlocked.CompareExchange(ref row, made, null) ?? made;
    }
}

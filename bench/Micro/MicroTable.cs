using System.Diagnostics;
using OrleansCache.Bench.Harness;

namespace OrleansCache.Bench.Micro;

/// <summary>Times one operation after another: batches long enough to be timed, the median of the batches.</summary>
internal sealed class MicroTable(BenchContext context, string title)
{
    private readonly Table _table = new(title, "operation", "ns/op", "B/op");
    private readonly double _batchSeconds = context.Quick ? 0.02 : 0.1;
    private readonly int _batches = context.Quick ? 5 : 15;

    /// <summary>An operation that does not wait.</summary>
    public void Add(string name, Action operation) => Report(
        name,
        Measure(count =>
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++) operation();
            return (Stopwatch.GetElapsedTime(started), GC.GetAllocatedBytesForCurrentThread() - allocated);
        }));

    /// <summary>An operation that waits; as many at once as said. The time is that of all divided by their number.</summary>
    public async Task AddAsync(string name, int atOnce, Func<Task> operation)
    {
        var samples = new List<(double, double)>();
        var rounds = 1;
        while (samples.Count < _batches)
        {
            var allocated = GC.GetTotalAllocatedBytes(precise: true);
            var started = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => RepeatAsync(operation, rounds)));
            var time = Stopwatch.GetElapsedTime(started);
            var bytes = GC.GetTotalAllocatedBytes(precise: true) - allocated;
            if (time.TotalSeconds < _batchSeconds) rounds *= 2;
            else samples.Add((time.TotalNanoseconds / rounds / atOnce, (double)bytes / rounds / atOnce));
        }

        Report(name, samples);
    }

    public void Print() => context.Print(_table);

    private static async Task RepeatAsync(Func<Task> operation, int times)
    {
        for (var i = 0; i < times; i++) await operation();
    }

    private List<(double Nanoseconds, double Bytes)> Measure(Func<int, (TimeSpan Time, long Bytes)> batch)
    {
        var samples = new List<(double, double)>();
        // A few batches at full length first: by then the code is compiled in its last form.
        var (count, warm) = (1, 0);
        while (samples.Count < _batches)
        {
            var (time, bytes) = batch(count);
            if (time.TotalSeconds < _batchSeconds) count *= 2;
            else if (warm++ >= 4) samples.Add((time.TotalNanoseconds / count, (double)bytes / count));
        }

        return samples;
    }

    private void Report(string name, List<(double Nanoseconds, double Bytes)> samples) => _table.Add(
        name, $"{samples.Select(static s => s.Nanoseconds).Median():N0}", $"{samples.Select(static s => s.Bytes).Median():N0}");
}

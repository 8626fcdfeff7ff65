using OrleansCache.Bench.Coalescing;
using OrleansCache.Bench.Eviction;
using OrleansCache.Bench.Hits;
using OrleansCache.Bench.Memory;
using OrleansCache.Bench.Micro;
using OrleansCache.Bench.Misses;
using OrleansCache.Bench.Start;

namespace OrleansCache.Bench.Harness;

/// <summary>Runs the benchmarks that were named, or all.</summary>
internal static class BenchRun
{
    private static readonly IBenchmark[] All =
    [
        new HitsBenchmark(), new AllocationsBenchmark(), new MissesBenchmark(), new StoreHitsBenchmark(), new CoalescingBenchmark(),
        new MemoryBenchmark(), new StartBenchmark(), new MicroBenchmark(), new EvictionBenchmark(),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var words = args.ToHashSet(StringComparer.Ordinal);
        var quick = words.Remove("quick");
        var pin = !words.Remove("--no-pin");
        var chosen = words.Count == 0 ? All : [.. All.Where(benchmark => words.Contains(benchmark.Name))];
        words.ExceptWith(chosen.Select(static benchmark => benchmark.Name));
        if (words.Count > 0) return Explain(words);

        var context = new BenchContext(quick, CoreSplit.Of(pin), Console.Out);
        context.Print(Conditions.Describe(context));
        foreach (var benchmark in chosen)
        {
            Console.Error.WriteLine($"{benchmark.Name}: {benchmark.About}");
            await benchmark.RunAsync(context);
        }

        return 0;
    }

    private static int Explain(IEnumerable<string> unknown)
    {
        foreach (var word in unknown) Console.Error.WriteLine($"There is no benchmark '{word}'.");
        Console.Error.WriteLine("./run bench [quick] [--no-pin] [NAME...]");
        foreach (var benchmark in All) Console.Error.WriteLine($"  {benchmark.Name,-12} {benchmark.About}");
        return 2;
    }
}

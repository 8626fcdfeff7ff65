using OrleansCache.Bench.Harness;
using OrleansCache.Bench.Load;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Bench.Eviction;

/// <summary>How often each way to evict finds in memory what is asked for.</summary>
internal sealed class EvictionBenchmark : IBenchmark
{
    private const int Prompts = 20_000;
    private const int Requests = 200_000;
    private static readonly double[] Shares = [0.01, 0.05, 0.1, 0.25];

    public string Name => "eviction";

    public string About => "hit ratios of the ways to evict, on one trace";

    public Task RunAsync(BenchContext context)
    {
        var trace = KeyTrace.Zipf(Prompts, Requests, seed: 1);
        var table = new Table(
            $"Share of hits: {Requests:N0} requests over {Prompts:N0} prompts, Zipf 1.0, answers of 500 to 1,500 bytes",
            ["memory for", .. Shares.Select(static share => $"{share:0%} of all")]);
        foreach (var kind in Enum.GetValues<EvictionKind>())
            table.Add([kind.ToString(), .. Shares.Select(share => $"{HitRatio(kind, trace, share):0.0%}")]);
        context.Print(table);
        return Task.CompletedTask;
    }

    private static double HitRatio(EvictionKind kind, int[] trace, double share)
    {
        var sizes = new Random(2);
        var nodes = Enumerable.Range(0, Prompts).Select(id => (Node: new BenchNode(id), Bytes: sizes.Next(500, 1_500))).ToArray();
        var budget = new MemoryBudget((long)(Prompts * 1_000 * share), kind, static _ => { }, seed: 3);
        var hits = 0;
        foreach (var id in trace)
        {
            if (nodes[id].Node.IsCharged)
            {
                hits++;
                budget.Touch(nodes[id].Node);
            }
            else
            {
                budget.Add(nodes[id].Node, nodes[id].Bytes);
            }
        }

        return (double)hits / trace.Length;
    }
}

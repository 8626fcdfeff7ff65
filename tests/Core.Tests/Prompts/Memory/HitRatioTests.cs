using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Tests.Prompts.Memory;

public class HitRatioTests
{
    private const int Prompts = 20_000;
    private static readonly int[] Trace = MakeTrace();

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    public void ZipfTrace_S3FifoAndLfu_AtLeastLru(double share)
    {
        var lru = HitRatio(EvictionKind.Lru, share);
        HitRatio(EvictionKind.S3Fifo, share).ShouldBeGreaterThan(lru + 0.01);
        HitRatio(EvictionKind.Lfu, share).ShouldBeGreaterThan(lru);
        HitRatio(EvictionKind.Fifo, share).ShouldBeLessThan(lru);
        HitRatio(EvictionKind.Random, share).ShouldBeLessThan(lru);
    }

    private static double HitRatio(EvictionKind kind, double share)
    {
        var sizes = new Random(2);
        var nodes = Enumerable.Range(0, Prompts).Select(id => (Node: new TestNode(id), Bytes: sizes.Next(500, 1_500))).ToArray();
        var budget = new MemoryBudget((long)(Prompts * 1_000 * share), kind, _ => { }, seed: 3);
        var hits = 0;
        foreach (var id in Trace)
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

        return (double)hits / Trace.Length;
    }

    private static int[] MakeTrace()
    {
        var zipf = new Zipf(Prompts, seed: 1);
        var trace = new int[200_000];
        for (var i = 0; i < trace.Length; i++) trace[i] = zipf.Next();
        return trace;
    }
}

using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Tests.Prompts.Memory;

/// <summary>The order of evictions, against references that are too simple to be wrong.</summary>
public class ReferenceOrderTests
{
    [Theory]
    [InlineData(EvictionKind.Fifo, 1)]
    [InlineData(EvictionKind.Fifo, 2)]
    [InlineData(EvictionKind.Lru, 3)]
    [InlineData(EvictionKind.Lru, 4)]
    [InlineData(EvictionKind.Lfu, 5)]
    [InlineData(EvictionKind.Lfu, 6)]
    [InlineData(EvictionKind.S3Fifo, 7)]
    [InlineData(EvictionKind.S3Fifo, 8)]
    public void RandomOperations_OneThread_SameVictimsAsTheReference(EvictionKind kind, int seed)
    {
        const int capacity = 1_000;
        Reference reference = kind switch
        {
            EvictionKind.Fifo => new FifoReference(capacity),
            EvictionKind.Lru => new LruReference(capacity),
            EvictionKind.Lfu => new LfuReference(capacity),
            _ => new S3FifoReference(capacity),
        };
        var victims = new List<int>();
        var budget = new MemoryBudget(capacity, kind, node => victims.Add(((TestNode)node).Id));
        var nodes = Enumerable.Range(0, 80).Select(id => new TestNode(id)).ToArray();
        var random = new Random(seed);
        for (var step = 0; step < 20_000; step++)
        {
            // Squared: low numbers are asked for more often.
            var u = random.NextDouble();
            var id = (int)(u * u * nodes.Length);
            switch (random.Next(20))
            {
                case < 7:
                    var bytes = random.Next(1, 100);
                    budget.Add(nodes[id], bytes).ShouldBeTrue();
                    reference.Add(id, bytes);
                    break;
                case 7:
                    budget.Remove(nodes[id]).ShouldBe(reference.Remove(id));
                    break;
                default:
                    budget.Touch(nodes[id]);
                    reference.Touch(id);
                    break;
            }

            if (!victims.SequenceEqual(reference.Victims)) victims.ShouldBe(reference.Victims, $"step {step}");
            victims.Clear();
            reference.Victims.Clear();
            if (budget.Bytes != reference.Bytes) budget.Bytes.ShouldBe(reference.Bytes, $"step {step}");
        }

        budget.Evictions.ShouldBeGreaterThan(2_000);
    }

    [Fact]
    public void Lru_ManyTouchesWithoutAdds_OrderExactBeyondTheBuffer()
    {
        var victims = new List<int>();
        var budget = new MemoryBudget(400, EvictionKind.Lru, node => victims.Add(((TestNode)node).Id));
        var nodes = Enumerable.Range(0, 400).Select(id => new TestNode(id)).ToArray();
        foreach (var node in nodes) budget.Add(node, 1);
        foreach (var node in nodes.Reverse()) budget.Touch(node);
        for (var i = 0; i < 4; i++) budget.Add(new TestNode(1_000 + i), 100);
        victims.ShouldBe(Enumerable.Range(0, 400).Reverse());
    }

    [Fact]
    public void Lfu_FormerFavourites_AgeAndLeave()
    {
        var budget = new MemoryBudget(100, EvictionKind.Lfu, _ => { });
        var favourite = new TestNode(0);
        budget.Add(favourite, 10);
        for (var i = 0; i < 60; i++) budget.Touch(favourite);
        var next = 1;
        while (favourite.IsCharged && next < 20_000)
        {
            var node = new TestNode(next++);
            budget.Add(node, 10);
            budget.Touch(node);
            budget.Touch(node);
        }

        favourite.IsCharged.ShouldBeFalse();
        next.ShouldBeGreaterThan(200, "60 hits outlive at least one halving");
    }

    [Fact]
    public void Random_ManyEvictions_EveryNodeAboutAsOften()
    {
        var counts = new int[20];
        var nodes = Enumerable.Range(0, 20).Select(id => new TestNode(id)).ToArray();
        var budget = new MemoryBudget(40, EvictionKind.Random, node => counts[((TestNode)node).Id]++, seed: 3);
        for (var step = 0; step < 20_000; step++) budget.Add(nodes[step % 20], 4);
        counts.Sum().ShouldBe((int)budget.Evictions);
        var mean = counts.Average();
        mean.ShouldBeGreaterThan(100);
        counts.ShouldAllBe(c => c > mean / 2 && c < mean * 2);
    }
}

using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Tests.Prompts.Memory;

public class MemoryBudgetTests
{
    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void RandomOperations_EveryKind_AccountedExactly(EvictionKind kind)
    {
        const int capacity = 10_000;
        var held = new Dictionary<TestNode, int>();
        long evictions = 0;
        var budget = new MemoryBudget(capacity, kind, node =>
        {
            held.Remove((TestNode)node).ShouldBeTrue("a node left that was not there");
            evictions++;
        }, seed: 1);
        var nodes = Enumerable.Range(0, 400).Select(id => new TestNode(id)).ToArray();
        var random = new Random(2);
        for (var step = 0; step < 40_000; step++)
        {
            var node = nodes[random.Next(nodes.Length)];
            switch (random.Next(10))
            {
                case < 5:
                    var bytes = random.Next(50) == 0 ? random.Next(2_501, 20_000) : random.Next(1, 300);
                    if (budget.Add(node, bytes)) held[node] = bytes;
                    else held.Remove(node);
                    if (node.IsCharged != bytes <= capacity / 4) Assert.Fail($"step {step}: charge of {bytes}");
                    break;
                case 5:
                    budget.Remove(node).ShouldBe(held.Remove(node));
                    break;
                default:
                    budget.Touch(node);
                    break;
            }

            if (budget.Bytes > capacity || budget.Count != held.Count || budget.Evictions != evictions)
                Assert.Fail($"step {step}: {budget.Bytes} bytes, {budget.Count} held, {budget.Evictions} evictions");
            if (step % 16 == 0) budget.Bytes.ShouldBe(held.Values.Sum(b => (long)b));
        }

        evictions.ShouldBeGreaterThan(1_000);
        foreach (var node in nodes) node.ChargedBytes.ShouldBe(held.GetValueOrDefault(node));
        foreach (var node in nodes) budget.Remove(node);
        (budget.Bytes, budget.Count, held.Count > 0).ShouldBe((0, 0, true));
    }

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void Add_NewNodeNeedsRoom_EvictedOnceEachAndNeverItself(EvictionKind kind)
    {
        var budget = new MemoryBudget(100, kind, node => ((TestNode)node).CountEviction(), seed: 1);
        var small = Enumerable.Range(0, 10).Select(id => new TestNode(id)).ToArray();
        foreach (var node in small) budget.Add(node, 10).ShouldBeTrue();
        var large = new TestNode(99);
        budget.Add(large, 25).ShouldBeTrue();
        small.Sum(n => n.Evictions).ShouldBe(3);
        small.ShouldAllBe(n => n.Evictions == (n.IsCharged ? 0 : 1));
        (large.IsCharged, large.Evictions, budget.Bytes, budget.Evictions).ShouldBe((true, 0, 95, 3));
    }

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void Add_HeldNodeGrows_OthersLeave(EvictionKind kind)
    {
        var budget = new MemoryBudget(100, kind, node => ((TestNode)node).CountEviction(), seed: 1);
        var nodes = Enumerable.Range(0, 10).Select(id => new TestNode(id)).ToArray();
        foreach (var node in nodes) budget.Add(node, 10).ShouldBeTrue();
        budget.Add(nodes[0], 25).ShouldBeTrue();
        (nodes[0].ChargedBytes, nodes[0].Evictions, budget.Bytes, budget.Count).ShouldBe((25, 0, 95, 8));
        budget.Add(nodes[0], 1).ShouldBeTrue();
        (nodes[0].ChargedBytes, budget.Bytes, budget.Count, budget.Evictions).ShouldBe((1, 71, 8, 2));
    }

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void Add_MoreThanAQuarter_KeptOutWithoutEvictingAnyone(EvictionKind kind)
    {
        var budget = new MemoryBudget(100, kind, node => ((TestNode)node).CountEviction(), seed: 1);
        var nodes = Enumerable.Range(0, 10).Select(id => new TestNode(id)).ToArray();
        foreach (var node in nodes) budget.Add(node, 10).ShouldBeTrue();
        var large = new TestNode(99);
        budget.Add(large, 26).ShouldBeFalse();
        budget.Add(large, int.MaxValue).ShouldBeFalse();
        (large.IsCharged, budget.Bytes, budget.Count, budget.Evictions).ShouldBe((false, 100, 10, 0));

        budget.Add(nodes[3], 26).ShouldBeFalse("a held node that outgrows the bound is taken out");
        (nodes[3].IsCharged, nodes[3].Evictions, budget.Bytes, budget.Count).ShouldBe((false, 0, 90, 9));
    }

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void Add_CapacitySmallerThanTheNode_KeptOut(EvictionKind kind)
    {
        var budget = new MemoryBudget(3, kind, _ => { });
        var node = new TestNode(1);
        budget.Add(node, 1).ShouldBeFalse();
        budget.Touch(node);
        (budget.Remove(node), budget.Bytes, budget.Count).ShouldBe((false, 0, 0));
    }

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void Evicted_AddsTheNodeAgain_HeldOnce(EvictionKind kind)
    {
        MemoryBudget? budget = null;
        var again = true;
        budget = new MemoryBudget(100, kind, node =>
        {
            node.IsCharged.ShouldBeFalse();
            if (!again) return;
            again = false;
            budget!.Add(node, 10).ShouldBeTrue();
        }, seed: 1);
        var nodes = Enumerable.Range(0, 11).Select(id => new TestNode(id)).ToArray();
        foreach (var node in nodes) budget.Add(node, 10).ShouldBeTrue();
        (budget.Bytes, budget.Count, budget.Evictions).ShouldBe((100, 10, 2));
        nodes.Count(n => n.IsCharged).ShouldBe(10);
    }

    [Fact]
    public void Add_NotAPositiveCharge_Throws()
    {
        var budget = new MemoryBudget(100, EvictionKind.S3Fifo, _ => { });
        Should.Throw<ArgumentOutOfRangeException>(() => budget.Add(new TestNode(1), 0));
        Should.Throw<ArgumentOutOfRangeException>(() => budget.Add(new TestNode(1), -1));
        Should.Throw<ArgumentOutOfRangeException>(() => new MemoryBudget(0, EvictionKind.S3Fifo, _ => { }));
        Should.Throw<ArgumentOutOfRangeException>(() => new MemoryBudget(100, (EvictionKind)99, _ => { }));
    }
}

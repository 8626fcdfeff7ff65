using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Tests.Prompts.Memory;

public class MemoryOverheadTests
{
    private const int ObjectHeader = 16;

    [Fact]
    public void Node_OwnFields_AtMost40Bytes()
    {
        const int count = 1_000;
        var nodes = new MemoryNode[count];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++) nodes[i] = new BareNode();
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / count;
        GC.KeepAlive(nodes);
        each.ShouldBeInRange(ObjectHeader + 1, ObjectHeader + 40);
    }

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void Budget_BesideTheNodes_AtMost40AllocatedBytesANode(EvictionKind kind)
    {
        const int count = 50_000;
        var nodes = Enumerable.Range(0, 2 * count).Select(id => new TestNode(id)).ToArray();
        var budget = new MemoryBudget(count, kind, _ => { }, seed: 1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var node in nodes) budget.Add(node, 1);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        budget.Evictions.ShouldBe(count);
        allocated.ShouldBeLessThanOrEqualTo(count * 40, "ghost table or index array, old ones of its growth included");
    }

    [Theory]
    [MemberData(nameof(EvictionKinds.All), MemberType = typeof(EvictionKinds))]
    public void Touch_Hit_AllocatesNothing(EvictionKind kind)
    {
        var budget = new MemoryBudget(1_000, kind, _ => { }, seed: 1);
        var node = new TestNode(1);
        budget.Add(node, 10);
        budget.Touch(node);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) budget.Touch(node);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private sealed class BareNode : MemoryNode
    {
        protected internal override ulong KeyHash => 0;
    }
}

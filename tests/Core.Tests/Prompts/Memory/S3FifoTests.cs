using OrleansCache.Core.Prompts;
using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Tests.Prompts.Memory;

public class S3FifoTests
{
    [Fact]
    public void OneHitWonders_PassingThrough_LeaveTheMainQueueAlone()
    {
        var budget = new MemoryBudget(1_000, EvictionKind.S3Fifo, node => ((TestNode)node).CountEviction());
        var hot = Fill(budget, 0, 90, 10, hits: 2);
        var wonders = Fill(budget, 1_000, 5_000, 10, hits: 1);
        hot.ShouldAllBe(n => n.IsCharged && n.Place == NodePlace.Main);
        wonders.Count(n => n.IsCharged).ShouldBe(10);
    }

    [Theory]
    [InlineData(EvictionKind.S3Fifo, 1.0)]
    [InlineData(EvictionKind.Lru, 0.0)]
    [InlineData(EvictionKind.Fifo, 0.0)]
    public void Scan_TenTimesTheCapacity_HotSetSurvivesOnlyS3Fifo(EvictionKind kind, double expected)
    {
        var budget = new MemoryBudget(10_000, kind, _ => { });
        var hot = Fill(budget, 0, 50, 100, hits: 3);
        Fill(budget, 1_000, 1_000, 100, hits: 0);
        ((double)hot.Count(n => n.IsCharged) / hot.Length).ShouldBe(expected);
    }

    [Fact]
    public void Ghost_KeyReturnsSoon_EntersTheMainQueue()
    {
        var budget = new MemoryBudget(1_000, EvictionKind.S3Fifo, _ => { });
        var first = Fill(budget, 0, 110, 10, hits: 0);
        first[0].IsCharged.ShouldBeFalse();

        // Another object of the same key, as after a collection of idle owners.
        var returned = new TestNode(0);
        budget.Add(returned, 10);
        returned.Place.ShouldBe(NodePlace.Main);
        var stranger = new TestNode(9_999);
        budget.Add(stranger, 10);
        stranger.Place.ShouldBe(NodePlace.Small);
    }

    [Fact]
    public void Ghost_KeyReturnsLate_IsForgotten()
    {
        var budget = new MemoryBudget(1_000, EvictionKind.S3Fifo, _ => { });
        var first = Fill(budget, 0, 101, 10, hits: 0)[0];
        first.IsCharged.ShouldBeFalse();
        Fill(budget, 1_000, 90, 10, hits: 0);
        budget.Add(first, 10);
        first.Place.ShouldBe(NodePlace.Small);
    }

    [Fact]
    public void Remove_ByHand_LeavesNoGhost()
    {
        var budget = new MemoryBudget(1_000, EvictionKind.S3Fifo, _ => { });
        var nodes = Fill(budget, 0, 100, 10, hits: 0);
        budget.Remove(nodes[0]);
        budget.Add(nodes[0], 10);
        nodes[0].Place.ShouldBe(NodePlace.Small);
    }

    [Fact]
    public void MainQueue_NodeWithHits_GoesRoundOncePerHit()
    {
        var victims = new List<int>();
        var budget = new MemoryBudget(100, EvictionKind.S3Fifo, node => victims.Add(((TestNode)node).Id));
        var nodes = Fill(budget, 0, 10, 10, hits: 2);

        // One add: nodes 0 to 9 go on to the main queue with their counts cleared, and 0 leaves from there.
        Fill(budget, 100, 1, 10, hits: 0);
        victims.ShouldBe([0]);
        budget.Touch(nodes[1]);
        for (var id = 200; id < 203; id++) Fill(budget, id, 1, 10, hits: 2);
        victims.ShouldBe([0, 100, 2, 3]);
        nodes[1].Frequency.ShouldBe((byte)0);
        nodes[1].IsCharged.ShouldBeTrue();
    }

    [Fact]
    public void Touch_ManyHits_SaturatesAtThree()
    {
        var budget = new MemoryBudget(1_000, EvictionKind.S3Fifo, _ => { });
        var node = Fill(budget, 0, 1, 10, hits: 100)[0];
        node.Frequency.ShouldBe((byte)3);
    }

    [Fact]
    public void Ghosts_ManyEvictions_StayBounded()
    {
        var budget = new MemoryBudget(10_000, EvictionKind.S3Fifo, _ => { });
        Fill(budget, 0, 100_000, 10, hits: 0);
        var ghosts = ((S3FifoPolicy)budget.Policy).Ghosts;
        (ghosts.Capacity * sizeof(ulong)).ShouldBeLessThanOrEqualTo(1_000 * 16);
    }

    private static TestNode[] Fill(MemoryBudget budget, int firstId, int count, int bytes, int hits)
    {
        var nodes = Enumerable.Range(firstId, count).Select(id => new TestNode(id)).ToArray();
        foreach (var node in nodes)
        {
            budget.Add(node, bytes).ShouldBeTrue();
            for (var i = 0; i < hits; i++) budget.Touch(node);
        }

        return nodes;
    }
}

using OrleansCache.Core.Prompts.Memory;

namespace OrleansCache.Core.Tests.Prompts.Memory;

public class GhostTableTests
{
    [Fact]
    public void Take_RememberedHash_TrueOnce()
    {
        var ghosts = new GhostTable();
        ghosts.Add(TestNode.Hash(1), 10);
        ghosts.Take(TestNode.Hash(2), 10).ShouldBeFalse();
        ghosts.Take(TestNode.Hash(1), 10).ShouldBeTrue();
        ghosts.Take(TestNode.Hash(1), 10).ShouldBeFalse();
    }

    [Fact]
    public void Take_HashOfZeros_RememberedLikeAnyOther()
    {
        var ghosts = new GhostTable();
        ghosts.Take(0, 10).ShouldBeFalse();
        ghosts.Add(0, 10);
        ghosts.Take(0, 10).ShouldBeTrue();
    }

    [Fact]
    public void Take_AsManyLaterAsTheLimit_Forgotten()
    {
        var ghosts = new GhostTable();
        for (var id = 0; id < 11; id++) ghosts.Add(TestNode.Hash(id), 10);
        ghosts.Take(TestNode.Hash(0), 10).ShouldBeFalse();
        ghosts.Take(TestNode.Hash(1), 10).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void Add_GrowingLimit_RemembersNearlyAllIn16BytesEach(int limit)
    {
        var ghosts = new GhostTable();
        for (var id = 0; id < limit; id++) ghosts.Add(TestNode.Hash(id), Math.Max(1, id));
        (ghosts.Capacity * sizeof(ulong)).ShouldBeLessThanOrEqualTo((limit + 16) * 16);
        var remembered = Enumerable.Range(0, limit).Count(id => ghosts.Take(TestNode.Hash(id), limit));
        remembered.ShouldBeGreaterThan(limit * 95 / 100);
        Enumerable.Range(limit, limit).Count(id => ghosts.Take(TestNode.Hash(id), limit)).ShouldBeLessThan(10);
    }
}

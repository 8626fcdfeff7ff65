namespace OrleansCache.Core.Prompts.Memory;

/// <summary>
/// Least frequently used, in O(1) by a queue per frequency (Shah, Mitra, Matani, "An O(1) algorithm for implementing the LFU
/// cache eviction scheme", 2010), with ageing: once there have been ten hits and arrivals per node, all frequencies are halved.
/// Frequencies saturate at 63; among equals the one that reached its frequency first leaves first.
/// </summary>
internal sealed class LfuPolicy : IEvictionPolicy
{
    private const int Levels = 64;
    private const int UsesPerNode = 10;
    internal const int LeastUsesPerEpoch = 1024;

    private readonly NodeQueue[] _levels = new NodeQueue[Levels];
    private readonly TouchBuffer _touches;
    private long _count;
    private long _uses;
    private int _epoch;

    public LfuPolicy(Lock gate)
    {
        for (var i = 0; i < Levels; i++) _levels[i] = new NodeQueue();
        _touches = new TouchBuffer(gate, Raise);
    }

    public void Touch(MemoryNode node) => _touches.Record(node);

    public void CatchUp() => _touches.Drain();

    public void Insert(MemoryNode node)
    {
        Push(node, node.Place == NodePlace.Absent ? 0 : LevelOf(node));
        node.Place = NodePlace.Main;
        _count++;
        CountUse();
    }

    public void Unlink(MemoryNode node)
    {
        _levels[LevelOf(node)].Remove(node);
        _count--;
    }

    public MemoryNode Evict()
    {
        var level = 0;
        while (_levels[level].Count == 0) level++;
        _count--;
        return _levels[level].Pop();
    }

    private void Raise(MemoryNode node)
    {
        var level = LevelOf(node);
        _levels[level].Remove(node);
        Push(node, Math.Min(level + 1, Levels - 1));
        CountUse();
    }

    private void Push(MemoryNode node, int level)
    {
        node.Frequency = (byte)level;
        node.Slot = _epoch;
        _levels[level].Push(node);
    }

    // Halving k times is one shift by k, so a node need not be visited when frequencies are halved.
    private int LevelOf(MemoryNode node) => node.Frequency >> Math.Min(_epoch - node.Slot, 8);

    private void CountUse()
    {
        if (++_uses < Math.Max(LeastUsesPerEpoch, _count * UsesPerNode)) return;
        _uses = 0;
        _epoch++;
        _levels[0].TakeAll(_levels[1]);
        for (var level = 1; level < Levels / 2; level++)
        {
            _levels[level].TakeAll(_levels[2 * level]);
            _levels[level].TakeAll(_levels[(2 * level) + 1]);
        }
    }
}

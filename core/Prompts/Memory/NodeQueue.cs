using System.Diagnostics;

namespace OrleansCache.Core.Prompts.Memory;

/// <summary>A doubly linked queue through the nodes themselves: in at the newest end, out anywhere.</summary>
internal sealed class NodeQueue
{
    private MemoryNode? _newest;

    public MemoryNode? Oldest { get; private set; }

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public void Push(MemoryNode node)
    {
        node.Older = _newest;
        node.Newer = null;
        if (_newest is null) Oldest = node;
        else _newest.Newer = node;
        _newest = node;
        Count++;
        Bytes += node.Charge;
    }

    public void Remove(MemoryNode node)
    {
        if (node.Newer is null) _newest = node.Older;
        else node.Newer.Older = node.Older;
        if (node.Older is null) Oldest = node.Newer;
        else node.Older.Newer = node.Newer;
        node.Newer = node.Older = null;
        Count--;
        Bytes -= node.Charge;
    }

    public MemoryNode Pop()
    {
        var node = Oldest ?? throw new UnreachableException("An empty queue was asked for a victim.");
        Remove(node);
        return node;
    }

    /// <summary>Moves all of another queue to the newest end of this one, in its order.</summary>
    public void TakeAll(NodeQueue other)
    {
        if (other.Oldest is null) return;
        other.Oldest.Older = _newest;
        if (_newest is null) Oldest = other.Oldest;
        else _newest.Newer = other.Oldest;
        _newest = other._newest;
        Count += other.Count;
        Bytes += other.Bytes;
        other._newest = other.Oldest = null;
        other.Count = 0;
        other.Bytes = 0;
    }
}

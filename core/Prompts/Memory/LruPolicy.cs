namespace OrleansCache.Core.Prompts.Memory;

/// <summary>
/// Least recently used: a hit, and a new charge, make a node the newest. Hits are noted first, see <see cref="TouchBuffer"/>.
/// </summary>
internal sealed class LruPolicy : IEvictionPolicy
{
    private readonly NodeQueue _queue = new();
    private readonly TouchBuffer _touches;

    public LruPolicy(Lock gate) => _touches = new TouchBuffer(gate, MakeNewest);

    public void Touch(MemoryNode node) => _touches.Record(node);

    public void CatchUp() => _touches.Drain();

    public void Insert(MemoryNode node)
    {
        _queue.Push(node);
        node.Place = NodePlace.Main;
    }

    public void Unlink(MemoryNode node) => _queue.Remove(node);

    public MemoryNode Evict() => _queue.Pop();

    private void MakeNewest(MemoryNode node)
    {
        _queue.Remove(node);
        _queue.Push(node);
    }
}

namespace OrleansCache.Core.Prompts.Memory;

/// <summary>First in, first out: hits change nothing. A node that is charged anew arrives anew.</summary>
internal sealed class FifoPolicy : IEvictionPolicy
{
    private readonly NodeQueue _queue = new();

    public void Touch(MemoryNode node)
    {
    }

    public void CatchUp()
    {
    }

    public void Insert(MemoryNode node)
    {
        _queue.Push(node);
        node.Place = NodePlace.Main;
    }

    public void Unlink(MemoryNode node) => _queue.Remove(node);

    public MemoryNode Evict() => _queue.Pop();
}

using System.Runtime.InteropServices;

namespace OrleansCache.Core.Prompts.Memory;

/// <summary>Any node, each as likely as another: an array of all, each node knowing its index (8 to 16 bytes a node).</summary>
internal sealed class RandomPolicy(int? seed) : IEvictionPolicy
{
    private readonly List<MemoryNode> _nodes = [];
    private readonly Random _random = seed is { } value ? new Random(value) : new Random();

    public void Touch(MemoryNode node)
    {
    }

    public void CatchUp()
    {
    }

    public void Insert(MemoryNode node)
    {
        node.Slot = _nodes.Count;
        _nodes.Add(node);
        node.Place = NodePlace.Main;
    }

    public void Unlink(MemoryNode node)
    {
        var last = _nodes.Count - 1;
        var nodes = CollectionsMarshal.AsSpan(_nodes);
        nodes[node.Slot] = nodes[last];
        nodes[node.Slot].Slot = node.Slot;
        _nodes.RemoveAt(last);
    }

    public MemoryNode Evict()
    {
        var node = _nodes[_random.Next(_nodes.Count)];
        Unlink(node);
        return node;
    }
}

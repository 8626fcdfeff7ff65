namespace OrleansCache.Core.Prompts.Memory;

/// <summary>
/// S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi, "FIFO queues are all you need for cache eviction", SOSP 2023), counted in bytes. New
/// nodes enter a small queue (10% of the bytes); at its end those hit more than once go on to the main queue with their count
/// cleared, the others leave and are remembered by fingerprint. A key that is remembered enters the main queue at once. At the
/// end of the main queue a node that was hit goes round again for one hit less.
/// </summary>
internal sealed class S3FifoPolicy(long capacityBytes) : IEvictionPolicy
{
    private const byte MostHits = 3;
    private const byte HitsToStay = 2;

    private readonly long _smallBytes = capacityBytes / 10;
    private readonly NodeQueue _small = new();
    private readonly NodeQueue _main = new();
    private readonly GhostTable _ghosts = new();

    // As many as the main queue holds when all is full: 90% of the nodes that there is room for.
    private int GhostLimit => Math.Max(1, (int)(((long)_small.Count + _main.Count) * 9 / 10));

    public GhostTable Ghosts => _ghosts;

    // Races are harmless: of two hits at once one may be lost, and a byte between 0 and 3 is right at any time.
    public void Touch(MemoryNode node)
    {
        var hits = node.Frequency;
        if (hits < MostHits) node.Frequency = (byte)(hits + 1);
    }

    public void CatchUp()
    {
    }

    public void Insert(MemoryNode node)
    {
        if (node.Place == NodePlace.Absent)
        {
            node.Frequency = 0;
            Push(node, _ghosts.Take(node.KeyHash, GhostLimit) ? NodePlace.Main : NodePlace.Small);
        }
        else
        {
            Push(node, node.Place);
        }
    }

    public void Unlink(MemoryNode node) => (node.Place == NodePlace.Small ? _small : _main).Remove(node);

    public MemoryNode Evict()
    {
        while (_small.Count > 0 && (_small.Bytes >= _smallBytes || _main.Count == 0))
        {
            var node = _small.Pop();
            if (node.Frequency < HitsToStay)
            {
                _ghosts.Add(node.KeyHash, GhostLimit);
                return node;
            }

            node.Frequency = 0;
            Push(node, NodePlace.Main);
            if (_main.Bytes > capacityBytes - _smallBytes) break;
        }

        return EvictFromMain();
    }

    private MemoryNode EvictFromMain()
    {
        while (true)
        {
            var node = _main.Pop();
            var hits = node.Frequency;
            if (hits == 0) return node;
            node.Frequency = (byte)(hits - 1);
            Push(node, NodePlace.Main);
        }
    }

    private void Push(MemoryNode node, NodePlace place)
    {
        (place == NodePlace.Small ? _small : _main).Push(node);
        node.Place = place;
    }
}

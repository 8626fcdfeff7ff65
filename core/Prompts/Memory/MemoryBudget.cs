namespace OrleansCache.Core.Prompts.Memory;

/// <summary>
/// Memory bounded in bytes: counts what its nodes are charged, and evicts by its policy so that after every <see cref="Add"/> the
/// sum is within the capacity. Safe for any number of threads, on the same node too.
/// </summary>
/// <remarks>
/// <para>
/// The callback runs after the node has left, outside every lock, on the thread whose <see cref="Add"/> needed the room; so don't
/// call <see cref="Add"/> under a lock that the callback takes. It must not throw.
/// </para>
/// <para>
/// Between an eviction and its callback the node may have been added again. An owner that drops its completion in the callback
/// only if <see cref="MemoryNode.IsCharged"/> is false, and after <see cref="Add"/> sets it if <see cref="MemoryNode.IsCharged"/>
/// is true and drops it otherwise, both under a lock of its own, ends with a completion exactly when it is charged.
/// </para>
/// </remarks>
public sealed class MemoryBudget
{
    private const int LargestShare = 4;

    private readonly Lock _gate = new();
    private readonly IEvictionPolicy _policy;
    private readonly Action<MemoryNode> _evicted;
    private long _bytes;
    private long _count;
    private long _evictions;

    /// <summary>Makes an empty budget.</summary>
    /// <param name="capacityBytes">At least 1 byte.</param>
    /// <param name="kind">Which node leaves when room is needed.</param>
    /// <param name="evicted">Called once for every eviction; not for what is removed.</param>
    /// <param name="seed">Makes <see cref="EvictionKind.Random"/> repeatable; null for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is not positive, or the kind is unknown.</exception>
    public MemoryBudget(long capacityBytes, EvictionKind kind, Action<MemoryNode> evicted, int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        ArgumentNullException.ThrowIfNull(evicted);
        CapacityBytes = capacityBytes;
        _evicted = evicted;
        _policy = kind switch
        {
            EvictionKind.S3Fifo => new S3FifoPolicy(capacityBytes),
            EvictionKind.Lru => new LruPolicy(_gate),
            EvictionKind.Lfu => new LfuPolicy(_gate),
            EvictionKind.Fifo => new FifoPolicy(),
            EvictionKind.Random => new RandomPolicy(seed),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a way to evict."),
        };
    }

    /// <summary>The bound, in bytes.</summary>
    public long CapacityBytes { get; }

    /// <summary>
    /// The most that one node may be charged: a quarter of the capacity, so that no answer empties the memory alone.
    /// </summary>
    public long LargestNodeBytes => CapacityBytes / LargestShare;

    /// <summary>The sum of all charges, in bytes; never above <see cref="CapacityBytes"/>.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many nodes are held.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>How many nodes were evicted so far.</summary>
    public long Evictions => Volatile.Read(ref _evictions);

    internal IEvictionPolicy Policy => _policy;

    /// <summary>
    /// Takes a node in, or charges one anew that is in already (it keeps its frequency and arrives anew in its queue), evicting
    /// others until it fits. It never evicts the node itself.
    /// </summary>
    /// <param name="node">The node; not of another budget.</param>
    /// <param name="bytes">All that it keeps alive, in bytes; at least 1.</param>
    /// <returns>
    /// False when the charge is above <see cref="LargestNodeBytes"/>: the node is not held (any more), without a callback.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">The charge is not positive.</exception>
    public bool Add(MemoryNode node, int bytes)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        MemoryNode? victim = null;
        List<MemoryNode>? more = null;
        lock (_gate)
        {
            _policy.CatchUp();
            if (bytes > LargestNodeBytes)
            {
                Release(node);
                return false;
            }

            var held = node.IsCharged;
            if (held) _policy.Unlink(node);
            var others = held ? _bytes - node.Charge : _bytes;
            while (others > CapacityBytes - bytes)
            {
                var next = _policy.Evict();
                others -= next.Charge;
                Forget(next);
                _evictions++;
                if (victim is null) victim = next;
                else (more ??= []).Add(next);
            }

            node.Charge = bytes;
            _policy.Insert(node);
            Volatile.Write(ref _bytes, others + bytes);
            if (!held) _count++;
        }

        if (victim is not null) _evicted(victim);
        if (more is null) return true;
        foreach (var other in more) _evicted(other);
        return true;
    }

    /// <summary>
    /// Notes a hit. Allocates nothing and waits for no lock; a node that is not held is no error. What a hit changes depends on
    /// the kind: see <see cref="EvictionKind"/>.
    /// </summary>
    public void Touch(MemoryNode node) => _policy.Touch(node);

    /// <summary>Takes a node out, without a callback.</summary>
    /// <returns>Whether it was held.</returns>
    public bool Remove(MemoryNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        lock (_gate)
        {
            _policy.CatchUp();
            return Release(node);
        }
    }

    private bool Release(MemoryNode node)
    {
        if (!node.IsCharged) return false;
        _policy.Unlink(node);
        Volatile.Write(ref _bytes, _bytes - node.Charge);
        Forget(node);
        return true;
    }

    private void Forget(MemoryNode node)
    {
        node.Charge = 0;
        node.Place = NodePlace.Absent;
        _count--;
    }
}

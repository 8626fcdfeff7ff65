namespace OrleansCache.Core.Prompts.Memory;

/// <summary>
/// What a <see cref="MemoryBudget"/> counts and evicts; a prompt's owner derives from it. The links and counters of every policy
/// live in the node itself (26 bytes, 32 with padding), so that being in memory costs no object of its own. A node belongs to one
/// budget for life.
/// </summary>
public abstract class MemoryNode
{
    // All written under the budget's lock, but for Frequency under S3-FIFO (see S3FifoPolicy.Touch).
    internal MemoryNode? Newer;
    internal MemoryNode? Older;
    internal volatile int Charge;

    // Random: index in its array. LFU: the epoch that Frequency counts from.
    internal int Slot;
    internal byte Frequency;
    internal volatile NodePlace Place;

    /// <summary>
    /// Whether the budget holds the node now. Inside the callback for an eviction it is true when the node has meanwhile been
    /// added again: what it holds now is charged and stays.
    /// </summary>
    public bool IsCharged => Place != NodePlace.Absent;

    /// <summary>What the budget charges for the node, in bytes; 0 when it does not hold it.</summary>
    public int ChargedBytes => Charge;

    /// <summary>
    /// 64 well-distributed bits of the node's key, the same for every node of that key: by them a key is recognised that was
    /// evicted a short while ago. Read under the budget's lock: it must be cheap and must not call the budget.
    /// </summary>
    protected internal abstract ulong KeyHash { get; }
}

/// <summary>Which queue holds a node.</summary>
internal enum NodePlace : byte
{
    /// <summary>None.</summary>
    Absent,

    /// <summary>The only one, or S3-FIFO's main queue.</summary>
    Main,

    /// <summary>S3-FIFO's small queue.</summary>
    Small,
}

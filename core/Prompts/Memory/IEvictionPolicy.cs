namespace OrleansCache.Core.Prompts.Memory;

/// <summary>
/// Orders nodes and names the next to leave. Everything but <see cref="Touch"/> is called under the budget's lock. The budget
/// alone sets <see cref="NodePlace.Absent"/>: a node that is unlinked to be charged anew still says where it was.
/// </summary>
internal interface IEvictionPolicy
{
    /// <summary>The node was hit. Called by many threads at once, without the lock, for nodes that may have left.</summary>
    void Touch(MemoryNode node);

    /// <summary>Takes hits into account that were only noted so far. Called first whenever the lock is taken.</summary>
    void CatchUp();

    /// <summary>
    /// Links a node: a new one (absent), or one that <see cref="Unlink"/> took out, which keeps its queue and its frequency.
    /// </summary>
    void Insert(MemoryNode node);

    /// <summary>Takes a linked node out.</summary>
    void Unlink(MemoryNode node);

    /// <summary>Takes out the node that should leave next. There is at least one.</summary>
    MemoryNode Evict();
}

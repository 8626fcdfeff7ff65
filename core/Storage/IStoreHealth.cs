namespace OrleansCache.Core.Storage;

/// <summary>How the store fares, for readiness and operators. Reading it never touches the store.</summary>
public interface IStoreHealth
{
    /// <summary>Whether the store has been opened; until then reads are unavailable and writes wait in the retry queue.</summary>
    bool IsOpen { get; }

    /// <summary>Whether reads are let through: opened, and the breaker of reads is closed.</summary>
    bool IsReadable { get; }

    /// <summary>Whether writes are let through: opened, and the breaker of writes is closed.</summary>
    bool IsWritable { get; }

    /// <summary>Entries that wait in the retry queue.</summary>
    int QueuedEntries { get; }

    /// <summary>Their bytes.</summary>
    long QueuedBytes { get; }

    /// <summary>What is wrong, in words for an operator; null when nothing is.</summary>
    string? Fault { get; }
}

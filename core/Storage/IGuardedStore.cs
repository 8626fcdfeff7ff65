using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage;

/// <summary>What became of a read.</summary>
/// <param name="Completion">The completion, or null.</param>
/// <param name="Available">False when the store did not answer within its deadline, failed, or is being left alone by the breaker.</param>
public readonly record struct StoreRead(Completion? Completion, bool Available);

/// <summary>What became of a write.</summary>
public enum StoreWrite
{
    /// <summary>Committed.</summary>
    Stored,

    /// <summary>Kept in the retry queue; written when the store is back.</summary>
    Deferred,

    /// <summary>The retry queue is full or the entry can never be written: given up and counted.</summary>
    Dropped,
}

/// <summary>
/// Stands between owners and store so that no fault of the store fails a request: a deadline on every call, a breaker, and a
/// bounded retry queue for writes.
/// </summary>
public interface IGuardedStore
{
    /// <summary>Reads; never throws but for cancellation.</summary>
    ValueTask<StoreRead> GetAsync(PromptKey key, CancellationToken cancellationToken);

    /// <summary>Writes; returns when the entry is committed, deferred or dropped. Never throws but for cancellation.</summary>
    ValueTask<StoreWrite> PutAsync(StoredCompletion entry, CancellationToken cancellationToken);

    /// <summary>Purges the store and what waits in the retry queue.</summary>
    /// <exception cref="StoreException">The store could not be reached, or not to the end: the message says what may still be there.</exception>
    Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken);

    /// <summary>Tries to empty the retry queue; for a graceful stop.</summary>
    /// <returns>How many entries are still unwritten.</returns>
    Task<int> FlushAsync(CancellationToken cancellationToken);
}

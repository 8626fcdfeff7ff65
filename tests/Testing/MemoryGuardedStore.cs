using System.Collections.Concurrent;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;

namespace OrleansCache.Testing;

/// <summary>A store in memory that the test can hold up, take away and look into.</summary>
public sealed class MemoryGuardedStore : IGuardedStore
{
    private int _reads;
    private int _writes;

    public ConcurrentDictionary<PromptKey, StoredCompletion> Entries { get; } = new();

    /// <summary>False: reads say that the store is gone, writes are deferred.</summary>
    public bool Available { get; set; } = true;

    /// <summary>Awaited by every read before it looks.</summary>
    public Func<Task> BeforeRead { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited by every read after it has looked, before it answers.</summary>
    public Func<Task> AfterRead { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited by every write before it is done.</summary>
    public Func<Task> BeforeWrite { get; set; } = () => Task.CompletedTask;

    /// <summary>Awaited by every purge between finding what it names and deleting it, as a store does that deletes in batches.</summary>
    public Func<EntryFilter, Task> WhilePurging { get; set; } = _ => Task.CompletedTask;

    public int Reads => Volatile.Read(ref _reads);

    public int Writes => Volatile.Read(ref _writes);

    public async ValueTask<StoreRead> GetAsync(PromptKey key, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        await BeforeRead().WaitAsync(cancellationToken);
        var found = Available ? Entries.GetValueOrDefault(key)?.Completion : null;
        await AfterRead().WaitAsync(cancellationToken);
        return new StoreRead(found, Available);
    }

    public async ValueTask<StoreWrite> PutAsync(StoredCompletion entry, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _writes);
        await BeforeWrite().WaitAsync(cancellationToken);
        if (!Available) return StoreWrite.Deferred;
        Entries[entry.Key] = entry with { Request = entry.Request.ToArray() };
        return StoreWrite.Stored;
    }

    public async Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        if (!Available) throw new StoreException("The store is gone.", isTransient: true);
        var named = Entries.Where(entry => filter.Matches(entry.Key, entry.Value.Completion)).ToList();
        await WhilePurging(filter).WaitAsync(cancellationToken);
        return named.Count(entry => Entries.TryRemove(entry));
    }

    public Task<int> FlushAsync(CancellationToken cancellationToken) => Task.FromResult(0);
}

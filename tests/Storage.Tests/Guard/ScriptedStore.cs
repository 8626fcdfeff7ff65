using System.Collections.Concurrent;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;

namespace OrleansCache.Storage.Tests.Guard;

/// <summary>A store in memory whose calls the test holds up and fails.</summary>
internal sealed class ScriptedStore : ICompletionStore
{
    public ConcurrentDictionary<PromptKey, StoredCompletion> Held { get; } = [];

    /// <summary>Every value that was written, in order.</summary>
    public ConcurrentQueue<string> Written { get; } = [];

    /// <summary>What a read awaits; it heeds no cancellation.</summary>
    public Func<Task> OnRead { get; set; } = () => Task.CompletedTask;

    public Func<StoredCompletion, Task> OnPut { get; set; } = _ => Task.CompletedTask;

    public Func<Task> OnPurge { get; set; } = () => Task.CompletedTask;

    public Func<Task> OnOpen { get; set; } = () => Task.CompletedTask;

    public Func<int, int> OnSweep { get; set; } = _ => 0;

    public int Reads { get; private set; }

    public int Puts { get; private set; }

    public static StoreException Down() => new("down", isTransient: true);

    public async Task OpenAsync(CancellationToken cancellationToken) => await OnOpen();

    public async ValueTask<Completion?> GetAsync(PromptKey key, CancellationToken cancellationToken)
    {
        Reads++;
        await OnRead();
        return Held.GetValueOrDefault(key)?.Completion;
    }

    public ValueTask<StoredCompletion?> FindAsync(PromptKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async ValueTask PutAsync(StoredCompletion entry, CancellationToken cancellationToken)
    {
        Puts++;
        await OnPut(entry);
        Held[entry.Key] = entry;
        Written.Enqueue(entry.Completion.Text());
    }

    public async Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        await OnPurge();
        return Held.Where(e => filter.Matches(e.Key, e.Value.Completion)).ToList().Count(e => Held.TryRemove(e.Key, out _));
    }

    public Task<int> SweepAsync(int batch, CancellationToken cancellationToken) => Task.FromResult(OnSweep(batch));

    public Task<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<StoredCompletion> ExportAsync(EntryFilter filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<StoredCompletion> GetRecentAsync(
        string scope, PromptEndpoint endpoint, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => default;
}

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using OrleansCache.Core.Storage;

namespace OrleansCache.Gateway.Tests.Admin;

/// <summary>A store in memory that fails or hangs when told.</summary>
internal sealed class MemoryStore(TimeProvider clock) : ICompletionStore
{
    private readonly TaskCompletionSource _never = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a hanging store has been asked.</summary>
    public Task Asked => _asked.Task;

    public ConcurrentDictionary<PromptKey, StoredCompletion> Entries { get; } = new();

    public bool Hangs { get; set; }

    public bool Fails { get; set; }

    /// <summary>An export breaks off after this many entries.</summary>
    public int ExportBreaksAfter { get; set; } = int.MaxValue;

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask<Completion?> GetAsync(PromptKey key, CancellationToken cancellationToken) =>
        (await FindAsync(key, cancellationToken))?.Completion;

    public async ValueTask<StoredCompletion?> FindAsync(PromptKey key, CancellationToken cancellationToken)
    {
        await CheckAsync();
        return Entries.TryGetValue(key, out var entry) && entry.Completion.KeepUntil > clock.GetUtcNow().ToUnixTimeMilliseconds() ? entry : null;
    }

    public ValueTask PutAsync(StoredCompletion entry, CancellationToken cancellationToken)
    {
        Entries[entry.Key] = entry;
        return default;
    }

    public async Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        await CheckAsync();
        return Entries.Values.Count(entry => filter.Matches(entry.Key, entry.Completion) && Entries.TryRemove(entry.Key, out _));
    }

    public Task<int> SweepAsync(int batch, CancellationToken cancellationToken) => Task.FromResult(0);

    public async Task<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken)
    {
        await CheckAsync();
        var models = Entries.Values.GroupBy(e => (e.Completion.Scope, e.Completion.Model))
            .Select(g => new ModelStatistics(g.Key.Scope, g.Key.Model, g.Count(), g.Sum(e => e.Completion.Body.Length))).ToList();
        return new StoreStatistics(Entries.Count, models.Sum(m => m.Bytes), models);
    }

    public async IAsyncEnumerable<StoredCompletion> ExportAsync(
        EntryFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckAsync();
        var left = ExportBreaksAfter;
        foreach (var entry in Entries.Values.Where(e => filter.Matches(e.Key, e.Completion)).OrderBy(e => e.Key.ToString(), StringComparer.Ordinal))
        {
            if (left-- == 0) throw new StoreException("The store is gone.", isTransient: true);
            yield return entry;
        }
    }

    public async IAsyncEnumerable<StoredCompletion> GetRecentAsync(
        string scope, PromptEndpoint endpoint, int limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await CheckAsync();
        foreach (var entry in Entries.Values.Where(e => e.Completion.Scope == scope && e.Completion.Endpoint == endpoint)
            .OrderByDescending(e => e.Completion.CreatedAt).Take(limit)) yield return entry;
    }

    public ValueTask DisposeAsync() => default;

    private Task CheckAsync()
    {
        if (Fails) return Task.FromException(new StoreException("The store is gone.", isTransient: true));
        if (!Hangs) return Task.CompletedTask;
        _asked.TrySetResult();
        return _never.Task;
    }
}

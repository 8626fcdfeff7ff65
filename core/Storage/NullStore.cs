using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage;

/// <summary>Keeps nothing: completions live in memory alone.</summary>
internal sealed class NullStore : ICompletionStore
{
    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<Completion?> GetAsync(PromptKey key, CancellationToken cancellationToken) => default;

    public ValueTask<StoredCompletion?> FindAsync(PromptKey key, CancellationToken cancellationToken) => default;

    public ValueTask PutAsync(StoredCompletion entry, CancellationToken cancellationToken) => default;

    public Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<int> SweepAsync(int batch, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new StoreStatistics(0, 0, []));

    public IAsyncEnumerable<StoredCompletion> ExportAsync(EntryFilter filter, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<StoredCompletion>();

    public IAsyncEnumerable<StoredCompletion> GetRecentAsync(
        string scope, PromptEndpoint endpoint, int limit, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<StoredCompletion>();

    public ValueTask DisposeAsync() => default;
}

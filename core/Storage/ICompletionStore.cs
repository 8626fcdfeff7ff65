using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage;

/// <summary>
/// Where completions survive the process. SQLite and Postgres implement it; one conformance suite runs over both. Methods throw
/// <see cref="StoreException"/> on faults; <see cref="IGuardedStore"/> stands in front and turns faults into outcomes.
/// </summary>
public interface ICompletionStore : IAsyncDisposable
{
    /// <summary>Opens the store and brings its schema up to date; safe when several processes do so at once.</summary>
    /// <exception cref="StoreException">Unreachable, read-only, or the schema is newer than this program.</exception>
    Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>The completion of a prompt, whatever its freshness; null when there is none or its <see cref="Completion.KeepUntil"/> has passed.</summary>
    ValueTask<Completion?> GetAsync(PromptKey key, CancellationToken cancellationToken);

    /// <summary>The same with the request that it answers, for operators.</summary>
    ValueTask<StoredCompletion?> FindAsync(PromptKey key, CancellationToken cancellationToken);

    /// <summary>Writes a completion, replacing the one before. Completes when it is committed (group commit): <c>kill -9</c> cannot undo it.</summary>
    ValueTask PutAsync(StoredCompletion entry, CancellationToken cancellationToken);

    /// <summary>Deletes what the filter names, in small batches, each with a deadline of its own.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="StoreException">A fault, or a batch got no answer: what was deleted before is gone.</exception>
    Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken);

    /// <summary>Deletes at most <paramref name="batch"/> completions whose <see cref="Completion.KeepUntil"/> has passed.</summary>
    /// <returns>How many; fewer than the batch means that none is left.</returns>
    Task<int> SweepAsync(int batch, CancellationToken cancellationToken);

    /// <summary>Counts and sizes, without a table scan.</summary>
    Task<StoreStatistics> GetStatisticsAsync(CancellationToken cancellationToken);

    /// <summary>What the filter names, in key order, read page by page: writers are never held up.</summary>
    IAsyncEnumerable<StoredCompletion> ExportAsync(EntryFilter filter, CancellationToken cancellationToken);

    /// <summary>The newest completions of one scope and endpoint, newest first.</summary>
    IAsyncEnumerable<StoredCompletion> GetRecentAsync(
        string scope, PromptEndpoint endpoint, int limit, CancellationToken cancellationToken);
}

/// <summary>Totals of the store.</summary>
/// <param name="Entries">Completions, expired ones not yet swept included.</param>
/// <param name="Bytes">Bytes of their bodies and requests.</param>
/// <param name="Models">The same by model.</param>
public sealed record StoreStatistics(long Entries, long Bytes, IReadOnlyList<ModelStatistics> Models);

/// <summary>Totals of one scope and model.</summary>
public sealed record ModelStatistics(string Scope, string Model, long Entries, long Bytes);

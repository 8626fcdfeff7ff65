using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using Polly;

namespace OrleansCache.Core.Storage.Guard;

/// <summary>
/// Deadline, breaker and retry queue in front of a store; see docs/storage.md. This part opens, reads and purges.
/// </summary>
internal sealed partial class GuardedStore : IGuardedStore, IStoreHealth
{
    private readonly ICompletionStore _store;
    private readonly StoreOptions _options;
    private readonly StorageMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PendingWrites _pending;
    private readonly GuardPipelines _pipelines;
    private readonly Channel<bool> _trouble = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile bool _open;
    private volatile string? _openFault = "not opened yet";

    public GuardedStore(
        ICompletionStore store, IOptions<StoreOptions> options, StorageMetrics metrics, TimeProvider time, ILogger<GuardedStore> logger)
    {
        (_store, _options, _metrics, _time, _logger) = (store, options.Value, metrics, time, logger);
        _pending = new PendingWrites(_options.RetryQueueBytes);
        _pipelines = new GuardPipelines(_options, time, logger, SignalTrouble);
        metrics.Observe(this);
    }

    public bool IsOpen => _open;

    public bool IsReadable => _open && _pipelines.IsReadClosed;

    public bool IsWritable => _open && _pipelines.IsWriteClosed;

    public int QueuedEntries => _pending.Deferred;

    public long QueuedBytes => _pending.Bytes;

    public string? Fault => _openFault ?? _pipelines.LastFault;

    /// <summary>Opens the store behind.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _store.OpenAsync(cancellationToken).WaitAsync(cancellationToken);
        }
        catch (Exception e)
        {
            _openFault = e is StoreException ? e.Message : "it does not answer";
            throw;
        }

        _open = true;
        _openFault = null;
        _logger.Opened(_options.ToString());
    }

    public async ValueTask<StoreRead> GetAsync(PromptKey key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        var read = _pending.TryGet(key, out var entry, out var deferred)
            ? new StoreRead(entry is null || IsExpired(entry) ? null : entry.Completion, Available: !deferred)
            : await ReadAsync(key, cancellationToken);
        _metrics.Read(read.Available, read.Completion is not null, _time.GetElapsedTime(started));
        return read;
    }

    public async Task<long> PurgeAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        var runs = _pending.Purge(filter);
        if (!_open) throw new StoreException($"The store is not open ({_openFault}): nothing in it was purged.", isTransient: true);
        var purged = await (filter.Key is null ? PurgeManyAsync(filter, cancellationToken) : PurgeOneAsync(filter, cancellationToken));
        _metrics.Purged(purged);
        await SettledAsync(runs, cancellationToken);
        return purged;
    }

    // A key is one small write: it has a write's deadline and breaker.
    private async Task<long> PurgeOneAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        var purged = 0L;
        try
        {
            await _pipelines.Write.ExecuteAsync(
                async token =>
                {
                    purged = await _store.PurgeAsync(filter, token).WaitAsync(token);
                    return new RunEnd(StoreWrite.Stored);
                },
                cancellationToken);
            return purged;
        }
        catch (ExecutionRejectedException e)
        {
            throw new StoreException("The store does not answer: the entry may still be in it; run the purge again.", isTransient: true, e);
        }
    }

    // Takes as long as there is something to delete; the store ends it when a batch gets nowhere.
    private async Task<long> PurgeManyAsync(EntryFilter filter, CancellationToken cancellationToken)
    {
        try
        {
            return await _store.PurgeAsync(filter, cancellationToken);
        }
        catch (StoreException e)
        {
            throw new StoreException(
                $"The purge did not finish ({e.Message}): what was deleted is gone; run it again.", e.IsTransient, e);
        }
    }

    /// <summary>Completes when there may be something to recover.</summary>
    public async Task WaitForTroubleAsync(CancellationToken cancellationToken) => await _trouble.Reader.ReadAsync(cancellationToken);

    /// <summary>Probes a store that is being left alone and drains the retry queue; one attempt.</summary>
    /// <returns>Whether all is well.</returns>
    public async Task<bool> RecoverAsync(CancellationToken cancellationToken)
    {
        if (!_open) return false;
        var queued = _pending.Deferred;
        if (!_pipelines.IsReadClosed) await ReadAsync(default, cancellationToken);
        await DrainAsync(force: false, cancellationToken);
        if (queued > 0 && _pending.Deferred == 0) _logger.QueueDrained();
        if (!_pipelines.IsWriteClosed) await ProbeWriteAsync(cancellationToken);
        return _pipelines.IsReadClosed && _pipelines.IsWriteClosed && _pending.Deferred == 0;
    }

    private async ValueTask<StoreRead> ReadAsync(PromptKey key, CancellationToken cancellationToken)
    {
        if (!_open) return new StoreRead(null, Available: false);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await _pipelines.Read.ExecuteOutcomeAsync(AskStoreAsync, context, (_store, key));
            if (outcome.Exception is null) return new StoreRead(outcome.Result, Available: true);
            cancellationToken.ThrowIfCancellationRequested();
            return new StoreRead(null, Available: false);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static async ValueTask<Outcome<Completion?>> AskStoreAsync(
        ResilienceContext context, (ICompletionStore Store, PromptKey Key) call)
    {
        try
        {
            // A store that does not heed the token must not hold the caller.
            var read = call.Store.GetAsync(call.Key, context.CancellationToken);
            return Outcome.FromResult<Completion?>(
                read.IsCompleted ? await read : await read.AsTask().WaitAsync(context.CancellationToken));
        }
        catch (Exception e)
        {
            return Outcome.FromException<Completion?>(e);
        }
    }

    // A run that deletes what it wrote is waited for no longer than a write: it goes on by itself, and reads don't see the entry.
    private async Task SettledAsync(List<Task> runs, CancellationToken cancellationToken)
    {
        if (runs.Count == 0) return;
        try
        {
            await Task.WhenAll(runs).WaitAsync(_options.WriteDeadline, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
        }
    }

    private bool IsExpired(StoredCompletion entry) => entry.Completion.KeepUntil <= _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void SignalTrouble() => _trouble.Writer.TryWrite(true);
}

using OrleansCache.Core.Keys;
using OrleansCache.Core.Prompts;
using Polly;

namespace OrleansCache.Core.Storage.Guard;

/// <summary>This part writes, at once or from the retry queue.</summary>
internal sealed partial class GuardedStore
{
    private const int DrainTogether = 64;

    private int _dropping;

    public async ValueTask<StoreWrite> PutAsync(StoredCompletion entry, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = _time.GetTimestamp();
        var outcome = _open ? await WriteAsync(entry, cancellationToken) : _pending.Enqueue(entry);
        _metrics.Written(outcome, _time.GetElapsedTime(started));
        if (outcome == StoreWrite.Deferred) SignalTrouble();
        NoteDropping(outcome);
        return outcome;
    }

    public async Task<int> FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (_pending.Count > 0)
            {
                if (!_open) await OpenAsync(cancellationToken);
                await Task.WhenAll(_pending.Running()).WaitAsync(cancellationToken);
                if (!await DrainAsync(force: true, cancellationToken)) await Task.Delay(GuardPipelines.BreakDuration, _time, cancellationToken);
            }
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
        }

        return _pending.Count;
    }

    /// <summary>Tries every entry of the retry queue once, the first alone; stops when nothing gets through.</summary>
    /// <returns>Whether the queue is empty or got shorter.</returns>
    private async Task<bool> DrainAsync(bool force, CancellationToken cancellationToken)
    {
        var together = 1;
        for (var left = _pending.Deferred; left > 0;)
        {
            var tries = new List<Task<StoreWrite>>();
            while (tries.Count < together && left > 0 && _pending.TryTake(out var write))
            {
                tries.Add(RetryAsync(write, force, cancellationToken));
                left--;
            }

            if (tries.Count == 0) return false;
            var outcomes = await Task.WhenAll(tries);
            if (Array.TrueForAll(outcomes, o => o == StoreWrite.Deferred)) return false;
            together = DrainTogether;
        }

        return true;
    }

    private async Task<StoreWrite> RetryAsync(PendingWrite write, bool force, CancellationToken cancellationToken)
    {
        StoreWrite outcome;
        if (force)
        {
            _ = RunAsync(write);
            outcome = (await write.End.Task.WaitAsync(cancellationToken)).Outcome;
        }
        else
        {
            var call = new WriteCall { Write = write };
            try
            {
                outcome = await ThroughPipelineAsync(call, cancellationToken) ?? StoreWrite.Deferred;
            }
            finally
            {
                if (!call.Started) _pending.PutBack(write);
            }
        }

        _metrics.Retried(outcome);
        return outcome;
    }

    private async ValueTask<StoreWrite> WriteAsync(StoredCompletion entry, CancellationToken cancellationToken)
    {
        var call = new WriteCall { Entry = entry };
        if (await ThroughPipelineAsync(call, cancellationToken) is { } outcome) return outcome;
        return call.Write is null ? _pending.Enqueue(entry) : _pending.Abandon(call.Write);
    }

    /// <summary>The outcome of the run, or null when the deadline passed or the breaker is open.</summary>
    private async ValueTask<StoreWrite?> ThroughPipelineAsync(WriteCall call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await _pipelines.Write.ExecuteOutcomeAsync(
                static (context, state) => state.Guard.StartAndWaitAsync(context, state.Call), context, (Guard: this, Call: call));
            if (outcome.Exception is null) return outcome.Result.Outcome;
            // The caller leaves; the run goes on and, should it fail, the entry joins the queue.
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<Outcome<RunEnd>> StartAndWaitAsync(ResilienceContext context, WriteCall call)
    {
        try
        {
            var (run, end) = (true, call.Write?.End.Task);
            call.Write ??= _pending.Start(call.Entry!, out run, out end);
            call.Started = true;
            if (run) _ = RunAsync(call.Write);
            return Outcome.FromResult(await end!.WaitAsync(context.CancellationToken));
        }
        catch (Exception e)
        {
            return Outcome.FromException<RunEnd>(e);
        }
    }

    // Deletes nothing, but needs what a write needs.
    private async Task ProbeWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _pipelines.Write.ExecuteAsync(
                static async (store, token) =>
                {
                    await store.PurgeAsync(new EntryFilter { Key = default(PromptKey) }, token).WaitAsync(token);
                    return new RunEnd(StoreWrite.Stored);
                },
                _store,
                cancellationToken);
        }
        catch (Exception e) when (e is StoreException or ExecutionRejectedException)
        {
        }
    }

    // The only place that writes; one run per key at a time. Not cancelled by callers: what it writes was paid for.
    private async Task RunAsync(PendingWrite write)
    {
        while (true)
        {
            var entry = _pending.Next(write);
            Exception? fault = null;
            try
            {
                if (entry is not null) await _store.PutAsync(entry, CancellationToken.None);
                else await _store.PurgeAsync(new EntryFilter { Key = write.Key }, CancellationToken.None);
            }
            catch (Exception e)
            {
                fault = e;
                if (e is not StoreException) _logger.Unexpected(e, "a write");
            }

            if (_pending.Settle(write, entry, fault) is not { } outcome) continue;
            if (outcome == StoreWrite.Deferred) SignalTrouble();
            return;
        }
    }

    private void NoteDropping(StoreWrite outcome)
    {
        if (outcome == StoreWrite.Stored && _dropping != 0) Interlocked.Exchange(ref _dropping, 0);
        else if (outcome == StoreWrite.Dropped && Interlocked.Exchange(ref _dropping, 1) == 0) _logger.Dropping(_pending.Bytes);
    }

    private sealed class WriteCall
    {
        public StoredCompletion? Entry { get; init; }

        public PendingWrite? Write { get; set; }

        public bool Started { get; set; }
    }
}

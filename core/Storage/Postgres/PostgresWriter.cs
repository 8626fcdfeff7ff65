using System.Threading.Channels;
using Npgsql;
using OrleansCache.Core.Prompts;

namespace OrleansCache.Core.Storage.Postgres;

/// <summary>
/// Writes whatever waits in one round trip and one transaction (group commit); callers learn of it after the commit. Rows are
/// written in key order, so that two silos never wait for each other in a circle.
/// </summary>
internal sealed class PostgresWriter : IAsyncDisposable
{
    private const int MostEntries = 256;
    private const int MostBytes = 8 << 20;
    private const int MostTries = 3;

    private readonly Channel<Job> _jobs = Channel.CreateBounded<Job>(new BoundedChannelOptions(1024) { SingleReader = true });
    private readonly NpgsqlDataSource _source;
    private readonly PostgresRows _rows;
    private readonly string _address;
    private readonly StorageMetrics _metrics;
    private readonly Task _loop;
    private long _commits;

    public PostgresWriter(NpgsqlDataSource source, PostgresRows rows, string address, StorageMetrics metrics)
    {
        (_source, _rows, _address, _metrics) = (source, rows, address, metrics);
        _loop = LoopAsync();
    }

    /// <summary>Transactions so far.</summary>
    public long Commits => Volatile.Read(ref _commits);

    public async Task PutAsync(StoredCompletion entry, CancellationToken cancellationToken)
    {
        var job = new Job(entry, cancellationToken);
        try
        {
            await _jobs.Writer.WriteAsync(job, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreException("The store is closed.", isTransient: false, e);
        }

        await job.End.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _loop;
    }

    private async Task LoopAsync()
    {
        var group = new List<Job>(MostEntries);
        while (await _jobs.Reader.WaitToReadAsync())
        {
            var bytes = 0L;
            while (group.Count < MostEntries && bytes < MostBytes && _jobs.Reader.TryRead(out var job))
            {
                if (!job.IsWanted) continue;
                group.Add(job);
                bytes += job.Entry.Completion.Body.Length + job.Entry.Request.Length;
            }

            if (group.Count > 0) await CommitAsync(group);
            group.Clear();
        }
    }

    private async Task CommitAsync(List<Job> group)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync(group);
                Volatile.Write(ref _commits, _commits + 1);
                _metrics.Committed(group.Count);
                foreach (var job in group) job.End.TrySetResult();
                return;
            }
            catch (Exception e) when (PostgresErrors.IsConflict(e) && attempt < MostTries)
            {
            }
            catch (Exception e) when (PostgresErrors.IsOfEntry(e) && group.Count > 1)
            {
                // One entry that cannot be written must not take the others with it.
                foreach (var job in group) await CommitAsync([job]);
                return;
            }
            catch (Exception e)
            {
                var fault = PostgresErrors.Translate(e, _address);
                foreach (var job in group) job.End.TrySetException(fault);
                return;
            }
        }
    }

    private async Task ExecuteAsync(List<Job> group)
    {
        await using var batch = _source.CreateBatch();
        // A stable order: of two values for one key the later one is written last.
        foreach (var job in group.OrderBy(j => j.Key, StringComparer.Ordinal)) batch.BatchCommands.Add(_rows.Put(job.Entry));
        await batch.ExecuteNonQueryAsync();
    }

    private sealed class Job(StoredCompletion entry, CancellationToken cancellationToken)
    {
        public StoredCompletion Entry { get; } = entry;

        public string Key { get; } = entry.Key.ToString();

        public TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsWanted => !cancellationToken.IsCancellationRequested || !End.TrySetCanceled(cancellationToken);
    }
}

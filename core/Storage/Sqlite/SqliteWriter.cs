using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>
/// The one thread that writes. Whatever waits when it is free goes into one transaction (group commit); callers learn of it after
/// the commit. It never waits for more work to come. A thread of its own, so that a disk that hangs takes none from the pool.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostJobs = 256;
    private const int MostBytes = 8 << 20;

    // Synchronous continuations wake the thread without a detour through the pool; nothing else waits on the reader's side.
    private readonly Channel<SqliteJob<SqliteWriteSession>> _jobs = Channel.CreateBounded<SqliteJob<SqliteWriteSession>>(
        new BoundedChannelOptions(1024) { SingleReader = true, AllowSynchronousContinuations = true });

    private readonly SqliteFile _file;
    private readonly StorageMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SqliteWriteSession _session;
    private bool _gone;
    private long _commits;

    public SqliteWriter(SqliteFile file, SqliteWriteSession session, StorageMetrics metrics, ILogger logger)
    {
        (_file, _session, _metrics, _logger) = (file, session, metrics, logger);
        new Thread(Loop) { IsBackground = true, Name = "store writer" }.Start();
    }

    /// <summary>Transactions so far.</summary>
    public long Commits => Volatile.Read(ref _commits);

    public async Task<T> RunAsync<T>(Func<SqliteWriteSession, T> work, int bytes, CancellationToken cancellationToken)
    {
        var job = new SqliteJob<SqliteWriteSession, T>(work, cancellationToken) { Bytes = bytes };
        try
        {
            await _jobs.Writer.WriteAsync(job, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreException("The store is closed.", isTransient: false, e);
        }

        return await job.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _ended.Task;
    }

    private void Loop()
    {
        var group = new List<SqliteJob<SqliteWriteSession>>(MostJobs);
        while (_jobs.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            var bytes = 0L;
            while (group.Count < MostJobs && bytes < MostBytes && _jobs.Reader.TryRead(out var job))
            {
                if (!job.IsWanted) continue;
                group.Add(job);
                bytes += job.Bytes;
            }

            if (group.Count > 0) CommitOrFail(group);
            group.Clear();
        }

        try
        {
            _session.Dispose();
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }
    }

    // Whatever happens the thread goes on: without it no write would ever be answered again, and an exception would end the process.
    private void CommitOrFail(List<SqliteJob<SqliteWriteSession>> group)
    {
        try
        {
            Commit(group);
        }
        catch (Exception e)
        {
            foreach (var job in group) job.Fail(SqliteErrors.Translate(e, _file.Path));
            _logger.Unexpected(e, "the writer");
        }
    }

    private void Commit(List<SqliteJob<SqliteWriteSession>> group)
    {
        var done = new List<SqliteJob<SqliteWriteSession>>(group.Count);
        try
        {
            ReopenWhenGone();
            _session.Begin();
            foreach (var job in group)
            {
                if (TryExecute(job)) done.Add(job);
            }

            _session.Commit();
        }
        catch (Exception e)
        {
            _session.RollBack();
            RetryOrFail(group, e);
            return;
        }

        Volatile.Write(ref _commits, _commits + 1);
        try
        {
            _metrics.Committed(done.Count);
        }
        finally
        {
            foreach (var job in done) job.Complete();
        }
    }

    // A fault of one entry undoes its own statement alone and leaves the transaction in order.
    private bool TryExecute(SqliteJob<SqliteWriteSession> job)
    {
        try
        {
            job.Execute(_session);
            return true;
        }
        catch (Exception e) when (SqliteErrors.IsOfEntry(e) || e is StoreException { IsTransient: false })
        {
            job.Fail(SqliteErrors.Translate(e, _file.Path));
            return false;
        }
    }

    // On a full disk a large entry must not keep the small ones out: each gets a transaction of its own. Jobs that have failed
    // already keep their fault.
    private void RetryOrFail(List<SqliteJob<SqliteWriteSession>> group, Exception fault)
    {
        if (fault is SqliteException { SqliteErrorCode: SqliteErrors.Full } && group.Count > 1)
        {
            foreach (var job in group) Commit([job]);
            return;
        }

        var translated = SqliteErrors.Translate(fault, _file.Path);
        foreach (var job in group) job.Fail(translated);
    }

    // The new session is whole before the old one goes, and until then each group tries again: the file may exist by now, but the old
    // session would still write to the one that was deleted.
    private void ReopenWhenGone()
    {
        _gone |= !File.Exists(_file.Path);
        if (!_gone) return;
        var old = _session;
        _session = Reopen();
        _gone = false;
        _file.NextGeneration();
        old.Dispose();
        _logger.FileGone(_file.Path);
    }

    // At the start a path that cannot be opened is a mistake; under a running process the disk may come back.
    private SqliteWriteSession Reopen()
    {
        try
        {
            return _file.OpenWriter();
        }
        catch (StoreException e)
        {
            throw new StoreException(e.Message, isTransient: true, e);
        }
    }
}

using System.Threading.Channels;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>
/// A few threads that read, each with its connection. SQLite's calls block; on threads of their own a disk that hangs stops these
/// and nothing else, and callers can give up at their deadline.
/// </summary>
internal sealed class SqliteReaders : IAsyncDisposable
{
    private readonly Channel<SqliteJob<SqliteReadSession>> _jobs = Channel.CreateBounded<SqliteJob<SqliteReadSession>>(
        new BoundedChannelOptions(4096) { AllowSynchronousContinuations = true });

    private readonly SqliteFile _file;
    // Scopes and models in use at one time; callers can invent scopes, so it is bounded.
    private readonly StringPool _texts = new(4096);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    public SqliteReaders(SqliteFile file)
    {
        _file = file;
        _running = Math.Clamp(Environment.ProcessorCount, 2, 8);
        for (var i = _running; i > 0; i--) new Thread(Loop) { IsBackground = true, Name = "store reader" }.Start();
    }

    public async Task<T> RunAsync<T>(Func<SqliteReadSession, T> work, CancellationToken cancellationToken)
    {
        var job = new SqliteJob<SqliteReadSession, T>(work, cancellationToken);
        try
        {
            if (!_jobs.Writer.TryWrite(job)) await _jobs.Writer.WriteAsync(job, cancellationToken);
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
        SqliteReadSession? session = null;
        var generation = -1;
        while (TryTake(out var job))
        {
            if (!job.IsWanted) continue;
            try
            {
                if (session is null || generation != _file.Generation)
                {
                    session?.Dispose();
                    session = null;
                    generation = _file.Generation;
                    session = new SqliteReadSession(_file.OpenReader(), _texts);
                }

                job.Execute(session);
                job.Complete();
            }
            catch (Exception e)
            {
                job.Fail(e is OperationCanceledException ? e : SqliteErrors.Translate(e, _file.Path));
            }
        }

        session?.Dispose();
        if (Interlocked.Decrement(ref _running) == 0) _ended.SetResult();
    }

    private bool TryTake(out SqliteJob<SqliteReadSession> job)
    {
        try
        {
            job = _jobs.Reader.ReadAsync().AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (ChannelClosedException)
        {
            job = null!;
            return false;
        }
    }
}

using System.Threading.Channels;

namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>
/// A few threads that read, each with its connection. SQLite's calls block; on threads of their own a disk that hangs stops these
/// and nothing else, and callers can give up at their deadline. Two lanes: what looks up one key never waits for what reads many rows.
/// </summary>
internal sealed class SqliteReaders : IAsyncDisposable
{
    /// <summary>Threads for reads of many rows; an export and a purge go side by side.</summary>
    public const int Scanners = 2;

    private readonly Channel<SqliteJob<SqliteReadSession>> _gets = NewLane();
    private readonly Channel<SqliteJob<SqliteReadSession>> _scans = NewLane();
    private readonly SqliteFile _file;

    // Scopes and models in use at one time; callers can invent scopes, so it is bounded.
    private readonly StringPool _texts = new(4096);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;

    public SqliteReaders(SqliteFile file)
    {
        _file = file;
        var getters = Math.Clamp(Environment.ProcessorCount, 2, 8);
        _running = getters + Scanners;
        for (var i = 0; i < getters; i++) Start(_gets, "store reader");
        for (var i = 0; i < Scanners; i++) Start(_scans, "store scanner");
    }

    /// <summary>Looks up one key.</summary>
    public Task<T> GetAsync<T>(Func<SqliteReadSession, T> work, CancellationToken cancellationToken) =>
        RunAsync(_gets, work, cancellationToken);

    /// <summary>Reads many rows.</summary>
    public Task<T> ScanAsync<T>(Func<SqliteReadSession, T> work, CancellationToken cancellationToken) =>
        RunAsync(_scans, work, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _gets.Writer.TryComplete();
        _scans.Writer.TryComplete();
        await _ended.Task;
    }

    private static Channel<SqliteJob<SqliteReadSession>> NewLane() => Channel.CreateBounded<SqliteJob<SqliteReadSession>>(
        new BoundedChannelOptions(4096) { AllowSynchronousContinuations = true });

    private static async Task<T> RunAsync<T>(
        Channel<SqliteJob<SqliteReadSession>> lane, Func<SqliteReadSession, T> work, CancellationToken cancellationToken)
    {
        var job = new SqliteJob<SqliteReadSession, T>(work, cancellationToken);
        try
        {
            if (!lane.Writer.TryWrite(job)) await lane.Writer.WriteAsync(job, cancellationToken);
        }
        catch (ChannelClosedException e)
        {
            throw new StoreException("The store is closed.", isTransient: false, e);
        }

        return await job.Task.WaitAsync(cancellationToken);
    }

    private void Start(Channel<SqliteJob<SqliteReadSession>> lane, string name) =>
        new Thread(() => Loop(lane.Reader)) { IsBackground = true, Name = name }.Start();

    private void Loop(ChannelReader<SqliteJob<SqliteReadSession>> jobs)
    {
        SqliteReadSession? session = null;
        var generation = -1;
        while (TryTake(jobs, out var job))
        {
            if (!job.IsWanted) continue;
            try
            {
                if (session is null || generation != _file.Generation)
                {
                    session?.Dispose();
                    session = null;
                    generation = _file.Generation;
                    session = _file.OpenReader(_texts);
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

    private static bool TryTake(ChannelReader<SqliteJob<SqliteReadSession>> jobs, out SqliteJob<SqliteReadSession> job)
    {
        try
        {
            job = jobs.ReadAsync().AsTask().GetAwaiter().GetResult();
            return true;
        }
        catch (ChannelClosedException)
        {
            job = null!;
            return false;
        }
    }
}

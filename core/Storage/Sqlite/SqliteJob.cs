namespace OrleansCache.Core.Storage.Sqlite;

/// <summary>A piece of work for one of the store's own threads.</summary>
/// <typeparam name="TSession">What the thread works with.</typeparam>
internal abstract class SqliteJob<TSession>
{
    /// <summary>Bytes to be written; bounds a group.</summary>
    public int Bytes { get; init; }

    /// <summary>False when the caller has left before the work began.</summary>
    public abstract bool IsWanted { get; }

    public abstract void Execute(TSession session);

    /// <summary>Gives the caller the result of <see cref="Execute"/>.</summary>
    public abstract void Complete();

    public abstract void Fail(Exception fault);
}

/// <inheritdoc/>
internal sealed class SqliteJob<TSession, TResult>(Func<TSession, TResult> work, CancellationToken cancellationToken)
    : SqliteJob<TSession>
{
    // Continuations never run on the store's threads.
    private readonly TaskCompletionSource<TResult> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TResult? _result;

    public Task<TResult> Task => _end.Task;

    public override bool IsWanted
    {
        get
        {
            if (!cancellationToken.IsCancellationRequested) return true;
            _end.TrySetCanceled(cancellationToken);
            return false;
        }
    }

    public override void Execute(TSession session) => _result = work(session);

    public override void Complete() => _end.TrySetResult(_result!);

    public override void Fail(Exception fault) => _end.TrySetException(fault);
}

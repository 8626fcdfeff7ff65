using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;

namespace OrleansCache.Gateway.Admin;

/// <summary>Asks the store for an operator, who gets an answer in bounded time even when the store hangs.</summary>
internal sealed class AdminStore(ICompletionStore store, IOptions<AdminOptions> options, TimeProvider clock)
{
    /// <exception cref="StoreException">The store failed, or did not answer in time.</exception>
    public async Task<T> AskAsync<T>(Func<ICompletionStore, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        var deadline = options.Value.StoreDeadline;
        using var timer = new CancellationTokenSource(deadline, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            // A store that hangs may not look at its token either.
            return await ask(store, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreException($"The store did not answer within {deadline.TotalSeconds} seconds (Admin:StoreDeadline).", isTransient: true, e);
        }
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Storage;

/// <summary>Deletes expired completions, a few at a time with pauses, so that writers always come in between.</summary>
internal sealed class StoreSweeper(
    ICompletionStore store,
    IStoreHealth health,
    IOptions<StoreOptions> options,
    StorageMetrics metrics,
    TimeProvider time,
    ILogger<StoreSweeper> logger) : BackgroundService
{
    public const int Batch = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (health.IsOpen) await SweepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var deleted = await store.SweepAsync(Batch, cancellationToken);
                metrics.Swept(deleted);
                _failing = false;
                if (deleted < Batch) return;
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (!_failing) logger.SweepFailed(StorageLog.Words(e));
            _failing = true;
        }
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Core.Storage.Guard;

namespace OrleansCache.Core.Storage;

/// <summary>
/// Opens the store, keeps trying while it cannot be opened, and brings it back after a fault: probes it and drains the retry queue.
/// </summary>
internal sealed class StoreKeeper(GuardedStore guard, TimeProvider time, ILogger<StoreKeeper> logger) : BackgroundService
{
    /// <summary>How long the start waits for the store; afterwards the process starts without it.</summary>
    public static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(10);

    /// <summary>How long a stop waits for the retry queue.</summary>
    public static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastBackOff = TimeSpan.FromSeconds(15);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await OpenAsync(cancellationToken);
        }
        catch (StoreException e) when (e.IsTransient)
        {
            logger.OpenFailed(e.Message);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = new CancellationTokenSource(FlushPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var lost = await guard.FlushAsync(both.Token);
        if (lost > 0) logger.Lost(lost);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backOff = FirstBackOff;
        try
        {
            while (true)
            {
                if (await RecoverAsync(stoppingToken))
                {
                    backOff = FirstBackOff;
                    await guard.WaitForTroubleAsync(stoppingToken);
                }
                else
                {
                    await Task.Delay(backOff, time, stoppingToken);
                    backOff = backOff * 2 < LastBackOff ? backOff * 2 : LastBackOff;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task<bool> RecoverAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!guard.IsOpen) await OpenAsync(cancellationToken);
            return await guard.RecoverAsync(cancellationToken);
        }
        catch (StoreException)
        {
            return false;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.Unexpected(e, "recovery");
            return false;
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(OpenPatience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await guard.OpenAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StoreException($"no answer within {OpenPatience.TotalSeconds} seconds", isTransient: true);
        }
    }
}

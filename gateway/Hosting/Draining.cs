using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansCache.Gateway.Hosting;

/// <summary>
/// The order of a graceful stop: readiness falls; after <see cref="GatewayOptions.ShutdownDelay"/> the server takes no more
/// connections; requests still running after <see cref="GatewayOptions.ShutdownTimeout"/> are given an error. The server stops before
/// the owners and the store do, because hosted services stop in the reverse of the order they started in.
/// </summary>
internal sealed class Draining(
    IOptions<GatewayOptions> options,
    IOptions<HostOptions> host,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<Draining> logger)
    : IHostedLifecycleService, IDisposable
{
    // For flights and store, after the requests.
    private static readonly TimeSpan FlushTime = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _deadline = new();
    private ITimer? _timer;

    /// <summary>Whether readiness has fallen.</summary>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled when running requests have had their time.</summary>
    public CancellationToken Deadline => _deadline.Token;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Stopping by StopAsync alone has not said so yet.
        lifetime.StopApplication();
        var timeout = options.Value.ShutdownTimeout;
        Log.Stopping(logger, timeout);
        if (options.Value.ShutdownDelay > TimeSpan.Zero) await Task.Delay(options.Value.ShutdownDelay, clock, cancellationToken);
        _timer = clock.CreateTimer(_ => Expire(timeout), null, timeout, Timeout.InfiniteTimeSpan);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Not through IConfigureOptions: the host reads its options while it is built, before the settings have been checked.
        host.Value.ShutdownTimeout = options.Value.ShutdownDelay + options.Value.ShutdownTimeout + FlushTime;
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        // Everything that served requests has stopped.
        _timer?.Dispose();
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _timer?.Dispose();
        _deadline.Dispose();
    }

    private void Expire(TimeSpan timeout)
    {
        Log.StopDeadline(logger, timeout);
        _deadline.Cancel();
    }
}

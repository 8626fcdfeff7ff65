using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Upstream;

namespace OrleansCache.Standalone;

/// <summary>
/// The one line of a good start. Until then the host's own log is off: what stops a start is told by <see cref="StartUp"/>, in one line
/// and without a stack trace.
/// </summary>
internal sealed class StartMessage(
    IServer server, IOptionsMonitor<StoreOptions> store, IOptionsMonitor<UpstreamSettings> upstreams, StartPhase phase, ILogger<StartMessage> logger)
    : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        phase.IsOver = true;
        var urls = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var kinds = upstreams.CurrentValue.Upstreams.Select(static u => $"{u.Name} ({u.Kind})");
        Log.Started(logger, string.Join(", ", urls), store.CurrentValue.ToString(), string.Join(", ", kinds));
        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Whether the process has started.</summary>
internal sealed class StartPhase
{
    private volatile bool _isOver;

    public bool IsOver
    {
        get => _isOver;
        set => _isOver = value;
    }
}

internal static class StartMessageServices
{
    public static void AddStartMessage(this IServiceCollection services)
    {
        var phase = new StartPhase();
        services.AddSingleton(phase);
        services.AddHostedService<StartMessage>();
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => phase.IsOver && level >= LogLevel.Warning));
    }
}

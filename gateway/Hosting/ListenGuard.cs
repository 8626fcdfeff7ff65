using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Gateway.Callers;

namespace OrleansCache.Gateway.Hosting;

/// <summary>
/// Chooses the addresses to listen on, before anything starts, and refuses those beyond loopback when there is no API key. What
/// the server really listens on is looked at once more when it has started: code may have added addresses of its own.
/// </summary>
internal sealed class ListenGuard(
    IServer server,
    IConfiguration configuration,
    IOptions<GatewayOptions> options,
    ApiKeyTable keys,
    ILogger<ListenGuard> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var chosen = server.Features.Get<IServerAddressesFeature>()?.Addresses;
        var configured = Configured().Concat(chosen ?? []).ToList();
        if (configured.Count == 0 && chosen is not null)
        {
            configured.AddRange(ListenAddress.Split(options.Value.Listen));
            foreach (var address in configured) chosen.Add(address);
        }

        Check(configured);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        Check(bound);
        if (keys.IsEmpty && bound.Any(a => !ListenAddress.IsLoopback(a))) Log.AnonymousBeyondLoopback(logger);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> Configured() =>
        ListenAddress.Split(configuration["urls"])
            .Concat(ListenAddress.Split(configuration["http_ports"]).Select(static port => $"http://*:{port}"))
            .Concat(ListenAddress.Split(configuration["https_ports"]).Select(static port => $"https://*:{port}"))
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(static e => e["Url"] ?? ""));

    private void Check(IEnumerable<string> addresses)
    {
        if (!keys.IsEmpty || options.Value.AllowAnonymous) return;
        if (addresses.FirstOrDefault(static a => !ListenAddress.IsLoopback(a)) is not { } open) return;
        throw new OptionsValidationException("Gateway", typeof(GatewayOptions), [
            $"The server would listen on {open}, beyond this machine, and no API key is configured. Configure OrleansCache:ApiKeys, "
            + "listen on http://127.0.0.1:PORT, or set OrleansCache:Gateway:AllowAnonymous to true."]);
    }
}

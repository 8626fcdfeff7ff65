using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Upstream;

/// <summary>Registers the upstreams.</summary>
public static class UpstreamServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IUpstream"/>: every upstream of the list <c>OrleansCache:Upstreams</c> behind one router. Wrong settings stop the
    /// host at its start. An <see cref="IUpstream"/> that is registered before stays.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="root">The whole configuration, environment variables included.</param>
    public static IServiceCollection AddUpstreams(this IServiceCollection services, IConfiguration root)
    {
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<UpstreamSettings>().Configure(settings => settings.Read(root)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<UpstreamSettings>, UpstreamSettingsValidator>());
        services.TryAddSingleton<UpstreamMetrics>();
        services.TryAddSingleton<UpstreamFactory>();
        services.TryAddSingleton<IUpstream>(static provider => provider.GetRequiredService<UpstreamFactory>().Create());
        services.AddHostedService<Opener>();
        return services;
    }

    /// <summary>Opens the upstreams at start, so that what they have to say is said then and not at the first request.</summary>
    private sealed class Opener(IServiceProvider provider) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            provider.GetRequiredService<IUpstream>();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

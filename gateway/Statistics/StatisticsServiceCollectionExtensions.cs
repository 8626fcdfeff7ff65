using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Settings;

namespace OrleansCache.Gateway.Statistics;

/// <summary>Registers the statistics.</summary>
public static class StatisticsServiceCollectionExtensions
{
    /// <summary>Adds <see cref="RequestStatistics"/>, its metrics and the prices. A second call changes nothing.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="root">The section <c>OrleansCache</c>; its list <c>Prices</c> is read.</param>
    public static IServiceCollection AddRequestStatistics(this IServiceCollection services, IConfiguration root)
    {
        // Gateway and operators' API both need them. Bound twice, a list has every item twice.
        if (services.Any(static s => s.ServiceType == typeof(RequestStatistics))) return services;
        services.AddOptions<PriceOptions>().Configure(options => root.Bind(options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PriceOptions>, PriceOptionsValidator>());
        services.RefuseUnknownSettings<PriceOptions>(root.GetSection("Prices"), typeof(List<ModelPrice>));
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton<RequestStatistics>();
        return services;
    }
}

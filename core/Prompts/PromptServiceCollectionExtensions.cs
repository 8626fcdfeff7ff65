using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Keys;
using OrleansCache.Core.Settings;

namespace OrleansCache.Core.Prompts;

/// <summary>Registers the owners.</summary>
public static class PromptServiceCollectionExtensions
{
    /// <summary>What every kind of owner needs; upstream and store are registered elsewhere.</summary>
    /// <param name="services">The container.</param>
    /// <param name="cache">Section <c>OrleansCache:Cache</c>.</param>
    public static IServiceCollection AddPromptServices(this IServiceCollection services, IConfiguration cache)
    {
        services.AddOptions<CacheOptions>().Bind(cache).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CacheOptions>, CacheOptionsValidator>());
        services.RefuseUnknownSettings<CacheOptions>(cache, typeof(CacheOptions), typeof(PromptKeyOptions));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PromptMetrics>();
        services.TryAddSingleton<PromptServices>();
        return services;
    }

    /// <summary>Owners as objects of this process. Register it after the store: flights land before the store closes.</summary>
    public static IServiceCollection AddInProcessPromptOwners(this IServiceCollection services, IConfiguration cache)
    {
        services.AddPromptServices(cache);
        services.TryAddSingleton<InProcessPromptOwners>();
        services.TryAddSingleton<IPromptOwners>(provider => provider.GetRequiredService<InProcessPromptOwners>());
        services.AddHostedService(provider => provider.GetRequiredService<InProcessPromptOwners>());
        return services;
    }
}

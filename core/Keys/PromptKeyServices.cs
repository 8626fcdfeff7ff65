using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace OrleansCache.Core.Keys;

/// <summary>Registration of the key step.</summary>
public static class PromptKeyServices
{
    /// <summary>Adds <see cref="PromptReader"/> and <see cref="PromptExplainer"/>.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="cacheSection">The section <c>OrleansCache:Cache</c>; validated at start.</param>
    public static IServiceCollection AddPromptKeys(this IServiceCollection services, IConfiguration cacheSection)
    {
        services.AddMetrics();
        services.AddOptions<PromptKeyOptions>().Bind(cacheSection).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PromptKeyOptions>, PromptKeyOptionsValidator>());
        services.TryAddSingleton<KeysMetrics>();
        services.TryAddSingleton<PromptReader>();
        services.TryAddSingleton<PromptExplainer>();
        return services;
    }
}

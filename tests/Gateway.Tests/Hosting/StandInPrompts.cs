using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Core.Keys;

namespace OrleansCache.Gateway.Tests.Hosting;

internal static class StandInPrompts
{
    public static void AddPrompts(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        services.AddSingleton<PromptReader>();
    }
}

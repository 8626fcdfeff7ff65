using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Settings;
using OrleansCache.Core.Storage;
using OrleansCache.Gateway.Callers;
using OrleansCache.Gateway.Errors;
using OrleansCache.Gateway.Health;
using OrleansCache.Gateway.Hosting;
using OrleansCache.Gateway.Models;
using OrleansCache.Gateway.Requests;
using OrleansCache.Gateway.Statistics;

namespace OrleansCache.Gateway;

/// <summary>Registers the gateway.</summary>
public static class GatewayServices
{
    /// <summary>
    /// Adds the data path: callers, requests, answers, models, health, and the server's limits. Needs
    /// <see cref="Core.Prompts.IPromptOwners"/>, <see cref="Core.Keys.PromptReader"/> and <see cref="Core.Upstream.IUpstream"/>.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="rootSection">Section <c>OrleansCache</c>, with <c>Gateway</c> and <c>ApiKeys</c> in it.</param>
    public static IServiceCollection AddGateway(this IServiceCollection services, IConfiguration rootSection)
    {
        services.AddOptions<GatewayOptions>().Bind(rootSection.GetSection("Gateway")).ValidateOnStart();
        services.AddOptions<ApiKeysOptions>()
            .Configure(options => rootSection.GetSection("ApiKeys").Bind(options.Keys))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiKeysOptions>, ApiKeysValidator>());
        services.RefuseUnknownSettings<GatewayOptions>(rootSection.GetSection("Gateway"), typeof(GatewayOptions));
        services.RefuseUnknownSettings<ApiKeysOptions>(rootSection.GetSection("ApiKeys"), typeof(List<ApiKeyOptions>));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelSetup>());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ApiKeyTable>();
        services.TryAddSingleton<CallerFinder>();
        services.TryAddSingleton<RequestTermsReader>();
        services.TryAddSingleton(static s => new BodyReader(s.GetRequiredService<IOptions<GatewayOptions>>().Value.MaxBodyBytes));
        services.AddRequestStatistics(rootSection);
        services.TryAddSingleton<PromptWalk>();
        services.TryAddSingleton<ModelList>();
        services.TryAddSingleton<ModelEndpoints>();
        services.TryAddSingleton(static s => new HealthEndpoints(s.GetRequiredService<Draining>(), s.GetService<IStoreHealth>()));
        services.TryAddSingleton<Draining>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, Draining>(static s => s.GetRequiredService<Draining>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ListenGuard>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RejectedRequests>());
        // The server logs an error, with a stack trace, for each response that ends early on purpose (StreamBrokenException). What
        // else it would say there, the gateway's own log says, or the fault that stops the start.
        services.AddLogging(static logging => logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None)
            // Its lines are of no use here, and while it is on the host makes an Activity for every request.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        return services;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Settings;
using OrleansCache.Gateway.Admin.Access;
using OrleansCache.Gateway.Admin.Entries;
using OrleansCache.Gateway.Admin.Explain;
using OrleansCache.Gateway.Admin.Stats;
using OrleansCache.Gateway.Admin.Transfer;
using OrleansCache.Gateway.Statistics;

namespace OrleansCache.Gateway.Admin;

/// <summary>Registers the operators' API.</summary>
public static class AdminServiceCollectionExtensions
{
    /// <summary>Adds what <see cref="AdminEndpointRouteBuilderExtensions.MapAdminApi"/> needs besides owners, store and prompt keys.</summary>
    /// <param name="services">Where to.</param>
    /// <param name="root">The section <c>OrleansCache</c>; <c>Admin</c> and <c>Prices</c> of it are read.</param>
    public static IServiceCollection AddAdminApi(this IServiceCollection services, IConfiguration root)
    {
        services.AddRequestStatistics(root);
        services.AddOptions<AdminOptions>().Bind(root.GetSection("Admin")).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AdminOptions>, AdminOptionsValidator>());
        services.RefuseUnknownSettings<AdminOptions>(root.GetSection("Admin"), typeof(AdminOptions));
        services.TryAddSingleton<AdminKey>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, AdminKeyAtStart>());
        services.TryAddSingleton<AdminStore>();
        services.TryAddSingleton<PurgeLog>();
        services.TryAddSingleton<LookUp>();
        services.TryAddSingleton<NearestEntry>();
        services.TryAddSingleton<Warmer>();
        services.TryAddSingleton<StatsEndpoint>();
        services.TryAddSingleton<EntriesEndpoint>();
        services.TryAddSingleton<PurgeEndpoint>();
        services.TryAddSingleton<WarmEndpoint>();
        services.TryAddSingleton<ExportEndpoint>();
        services.TryAddSingleton<ExplainEndpoint>();
        return services;
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Settings;
using OrleansCache.Core.Storage.Guard;
using OrleansCache.Core.Storage.Postgres;
using OrleansCache.Core.Storage.Sqlite;

namespace OrleansCache.Core.Storage;

/// <summary>Registers the store.</summary>
public static class StoreServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="ICompletionStore"/>, <see cref="IGuardedStore"/>, <see cref="IStoreHealth"/> and the services that open,
    /// drain and sweep the store. Add it before what writes: services stop in reverse order, so the store is flushed last.
    /// </summary>
    /// <param name="services">Where to add.</param>
    /// <param name="storeSection">The section <c>OrleansCache:Store</c>.</param>
    public static IServiceCollection AddCompletionStore(this IServiceCollection services, IConfiguration storeSection)
    {
        services.AddOptions<StoreOptions>().Configure(options => Bind(storeSection, options)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>());
        services.RefuseUnknownSettings<StoreOptions>(storeSection, typeof(StoreOptions));
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StorageMetrics>();
        services.TryAddSingleton(CreateStore);
        services.TryAddSingleton<GuardedStore>();
        services.TryAddSingleton<IGuardedStore>(provider => provider.GetRequiredService<GuardedStore>());
        services.TryAddSingleton<IStoreHealth>(provider => provider.GetRequiredService<GuardedStore>());
        services.AddHostedService<StoreKeeper>();
        services.AddHostedService<StoreSweeper>();
        return services;
    }

    private static ICompletionStore CreateStore(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<StoreOptions>>().Value.Kind switch
        {
            StoreKind.Sqlite => ActivatorUtilities.CreateInstance<SqliteCompletionStore>(provider),
            StoreKind.Postgres => ActivatorUtilities.CreateInstance<PostgresCompletionStore>(provider),
            _ => new NullStore(),
        };

    // The binder's own message for a wrong word does not say which words are right.
    private static void Bind(IConfiguration section, StoreOptions options)
    {
        CheckWord<StoreKind>(section, nameof(options.Kind));
        CheckWord<Durability>(section, nameof(options.Durability));
        section.Bind(options);
    }

    private static void CheckWord<T>(IConfiguration section, string setting)
        where T : struct, Enum
    {
        if (section[setting] is { } word && (!Enum.TryParse<T>(word, ignoreCase: true, out var value) || !Enum.IsDefined(value)))
        {
            throw new OptionsValidationException(
                Options.DefaultName, typeof(StoreOptions), [StoreOptionsValidator.NotAmong<T>(setting, word)]);
        }
    }
}

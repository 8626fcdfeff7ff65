using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Guard;
using OrleansCache.Core.Storage.Postgres;
using OrleansCache.Core.Storage.Sqlite;

namespace OrleansCache.Storage.Tests;

internal static class StoreParts
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static StorageMetrics Metrics() => Metrics(out _);

    public static StorageMetrics Metrics(out object scope)
    {
        var factory = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        scope = factory;
        return new StorageMetrics(factory);
    }

    public static SqliteCompletionStore Sqlite(
        string path, TimeProvider time, Action<StoreOptions>? configure = null, ILogger<SqliteCompletionStore>? logger = null)
    {
        var options = new StoreOptions { Path = path };
        configure?.Invoke(options);
        return new SqliteCompletionStore(Options.Create(options), Metrics(), time, logger ?? NullLogger<SqliteCompletionStore>.Instance);
    }

    public static PostgresCompletionStore Postgres(string connectionString, TimeProvider time, Action<StoreOptions>? configure = null)
    {
        var options = new StoreOptions { Kind = StoreKind.Postgres, ConnectionString = connectionString };
        configure?.Invoke(options);
        return new PostgresCompletionStore(Options.Create(options), Metrics(), time, NullLogger<PostgresCompletionStore>.Instance);
    }

    public static GuardedStore Guard(
        ICompletionStore store, TimeProvider time, Action<StoreOptions>? configure = null, StorageMetrics? metrics = null)
    {
        var options = new StoreOptions();
        configure?.Invoke(options);
        return new GuardedStore(store, Options.Create(options), metrics ?? Metrics(), time, NullLogger<GuardedStore>.Instance);
    }

    /// <summary>A hang becomes a failure.</summary>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task Soon(this Task task) => task.WaitAsync(Patience);

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Patience);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(Patience);

    /// <summary>Waits for something that another thread brings about.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition()) await Task.Delay(5, patience.Token);
    }
}

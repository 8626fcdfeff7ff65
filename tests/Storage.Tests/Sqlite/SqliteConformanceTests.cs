using Microsoft.Data.Sqlite;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Sqlite;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Sqlite;

public sealed class SqliteConformanceTests : CompletionStoreConformance
{
    private readonly List<TempFolder> _folders = [];

    private string DatabasePath => _folders[^1].File("deep/er/cache.db");

    protected override Task PrepareAsync()
    {
        _folders.Add(new TempFolder());
        return Task.CompletedTask;
    }

    protected override Task CleanAsync()
    {
        // The store of InitializeAsync may still be open on it; on Unix that does no harm.
        foreach (var folder in _folders) folder.Dispose();
        return Task.CompletedTask;
    }

    private protected override ICompletionStore Create(Action<StoreOptions>? configure = null) => StoreParts.Sqlite(DatabasePath, Clock, configure);

    private protected override long Commits(ICompletionStore store) => ((SqliteCompletionStore)store).Commits;

    protected override async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=false");
        await connection.OpenAsync();
        SqliteDatabase.Run(connection, sql);
    }
}

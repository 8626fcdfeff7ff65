using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Sqlite;
using OrleansCache.Testing;

namespace OrleansCache.Storage.Tests.Sqlite;

/// <summary>The file is deleted under the running process, and the new one cannot be used at once.</summary>
public sealed class SqliteReopeningTests : IDisposable
{
    private const int Migrated = 4008;

    private readonly TempFolder _folder = new();
    private readonly ManualClock _dates = new(DateTimeOffset.UtcNow);

    private string DatabasePath => _folder.File("cache.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deleted_StatementsCannotBePrepared_WritesFailUntilTheyCan()
    {
        var migrations = 0;
        var logger = new LinesLogger<SqliteCompletionStore>(@event =>
        {
            // Spoils the second file between its migration and the preparation of statements.
            if (@event == Migrated && Interlocked.Increment(ref migrations) == 2) Execute("DROP TABLE completions");
        });
        await using var store = StoreParts.Sqlite(DatabasePath, _dates, logger: logger);
        await store.OpenAsync(default).Soon();
        await PutAsync(store, "before");

        DeleteFiles();
        for (var i = 0; i < 3; i++) (await Should.ThrowAsync<StoreException>(PutAsync(store, $"{i}"))).IsTransient.ShouldBeTrue();
        DeleteFiles();
        await PutAsync(store, "after");

        (await store.GetAsync(Entries.Key("after"), default).Soon()).ShouldNotBeNull();
        await using var again = StoreParts.Sqlite(DatabasePath, _dates);
        await again.OpenAsync(default).Soon();
        (await again.GetAsync(Entries.Key("after"), default).Soon()).ShouldNotBeNull();
    }

    [Fact]
    public async Task Writer_UnforeseenException_IsLoggedAndTheThreadGoesOn()
    {
        var metrics = StoreParts.Metrics(out var scope);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Scope == scope && instrument.Name == "orleanscache.store.commits") l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => throw new InvalidOperationException("a listener that throws"));
        listener.Start();
        var logger = new LinesLogger<SqliteCompletionStore>();
        await using var store = new SqliteCompletionStore(
            Options.Create(new StoreOptions { Path = DatabasePath }), metrics, _dates, logger);
        await store.OpenAsync(default).Soon();

        await PutAsync(store, "a");
        await PutAsync(store, "b");

        (await store.GetAsync(Entries.Key("b"), default).Soon()).ShouldNotBeNull();
        logger.Lines.ShouldContain(line => line.StartsWith("4010", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Open_TablesAreMissing_IsRefusedByName()
    {
        await using (var store = StoreParts.Sqlite(DatabasePath, _dates)) await store.OpenAsync(default).Soon();
        Execute("DROP TABLE completions");

        await using var again = StoreParts.Sqlite(DatabasePath, _dates);
        (await Should.ThrowAsync<StoreException>(again.OpenAsync(default).Soon())).Message.ShouldContain(DatabasePath);
    }

    private Task PutAsync(SqliteCompletionStore store, string name) => store.PutAsync(Entries.Make(_dates, Entries.Key(name)), default).Soon();

    private void DeleteFiles()
    {
        foreach (var file in Directory.EnumerateFiles(_folder.Path)) File.Delete(file);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=false");
        connection.Open();
        SqliteDatabase.Run(connection, sql);
    }
}

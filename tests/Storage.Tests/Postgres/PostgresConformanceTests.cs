using Npgsql;
using OrleansCache.Core.Storage;
using OrleansCache.Core.Storage.Postgres;

namespace OrleansCache.Storage.Tests.Postgres;

[Collection(PostgresTests.Name)]
public sealed class PostgresConformanceTests(PostgresFixture fixture) : CompletionStoreConformance
{
    private string _connectionString = "";

    protected override async Task PrepareAsync() => _connectionString = await fixture.Server.CreateDatabaseAsync();

    protected override Task CleanAsync() => Task.CompletedTask;

    private protected override ICompletionStore Create(Action<StoreOptions>? configure = null) =>
        StoreParts.Postgres(_connectionString, Clock, configure);

    private protected override long Commits(ICompletionStore store) => ((PostgresCompletionStore)store).Commits;

    protected override async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
